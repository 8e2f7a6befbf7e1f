package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What Guava's authors expect of any queue.
class GuavaQueueTest {
  @TestFactory
  Stream<DynamicNode> unbounded() {
    return GuavaSuites.of("unbounded", SharedQueue::<String>create, SharedQueue::destroy);
  }

  @TestFactory
  Stream<DynamicNode> bounded() {
    return GuavaSuites.of("bounded", () -> SharedQueue.<String>create(100), SharedQueue::destroy);
  }

  @Test
  void thereAreManyOfThem() {
    assertThat(count(List.of(DynamicContainer.dynamicContainer("all", unbounded()))))
        .isGreaterThan(200);
  }

  private static long count(List<? extends DynamicNode> nodes) {
    return nodes.stream()
        .mapToLong(node ->
            node instanceof DynamicContainer container
                ? count(container.getChildren().map(DynamicNode.class::cast).toList())
                : 1)
        .sum();
  }
}
