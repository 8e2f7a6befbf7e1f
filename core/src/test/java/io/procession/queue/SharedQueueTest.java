package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedQueueTest {
  private final SharedQueue<String> queue = SharedQueue.open();

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void keepsTheOrder() throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      queue.put("element " + i);
    }
    assertThat(queue).hasSize(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(queue.take()).isEqualTo("element " + i);
    }
    assertThat(queue.poll()).isNull();
  }

  @Test
  void removesFromTheMiddle() {
    queue.addAll(List.of("a", "b", "c", "d"));
    assertThat(queue.remove("c")).isTrue();
    assertThat(queue.remove("c")).isFalse();
    assertThat(queue).containsExactly("a", "b", "d");
    Iterator<String> elements = queue.iterator();
    elements.next();
    elements.remove();
    assertThat(queue).containsExactly("b", "d");
    assertThat(queue.peek()).isEqualTo("b");
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void boundedQueueMakesPutWait() throws Exception {
    try (SharedQueue<Integer> bounded = SharedQueue.open(2)) {
      bounded.put(1);
      bounded.put(2);
      assertThat(bounded.offer(3)).isFalse();
      assertThat(bounded.remainingCapacity()).isZero();
      var put =
          CompletableFuture.runAsync(() -> {
            try {
              bounded.put(3);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(bounded.take()).isEqualTo(1);
      put.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
      var drained = new ArrayList<Integer>();
      assertThat(bounded.drainTo(drained)).isEqualTo(2);
      assertThat(drained).containsExactly(2, 3);
    }
  }

  @Test
  void takeWaitsForAnElement() throws Exception {
    var taken =
        CompletableFuture.supplyAsync(() -> {
          try {
            return queue.take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    queue.put("late");
    assertThat(taken.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("late");
  }

  @Test
  void closedQueueSaysSo() {
    queue.close();
    assertThatIllegalStateException().isThrownBy(queue::size).withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> queue.add("x"));
  }

  @Test
  void closeEndsWaits() throws Exception {
    var taken =
        CompletableFuture.supplyAsync(() -> {
          try {
            return queue.take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(queue.poll(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    queue.close();
    assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
        .isThrownBy(() -> taken.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS))
        .withCauseInstanceOf(IllegalStateException.class);
  }
}
