package io.procession.queue;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import io.procession.testing.JUnit3Suites;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicNode;

/// Guava's suites for queues: each of their tests is a test of ours, by its name.
final class GuavaSuites {
  private GuavaSuites() {}

  /// The tests of a kind of queue.
  ///
  /// @param maker makes an empty one
  /// @param freer ends one
  static <Q extends BlockingQueue<String>> Stream<DynamicNode> of(
      String name, Supplier<Q> maker, Consumer<Q> freer) {
    List<Q> made = new ArrayList<>();
    var generator =
        new TestStringQueueGenerator() {
          @Override
          protected Queue<String> create(String[] elements) {
            Q queue = maker.get();
            made.add(queue);
            Collections.addAll(queue, elements);
            return queue;
          }
        };
    TestSuite suite =
        QueueTestSuiteBuilder.using(generator)
            .named(name)
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_QUERIES,
                CollectionFeature.KNOWN_ORDER,
                CollectionFeature.SERIALIZABLE)
            .withTearDown(() -> {
              made.forEach(freer);
              made.clear();
            })
            .createTestSuite();
    return JUnit3Suites.nodes(suite);
  }
}
