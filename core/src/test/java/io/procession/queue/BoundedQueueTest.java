package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoundedQueueTest extends BlockingQueueContract {
  @Override
  BlockingQueue<Object> make() {
    return SharedQueue.create(CAPACITY);
  }

  @Override
  void free(BlockingQueue<Object> made) {
    ((SharedQueue<?>) made).close();
  }

  @Test
  void fullQueueRefuses() throws Exception {
    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY - 3);
    queue.addAll(List.of("d", "e"));
    assertThat(queue.remainingCapacity()).isZero();
    assertThat(queue.offer("f")).isFalse();
    assertThat(queue.offer("f", 0, TimeUnit.SECONDS)).isFalse();
    long begin = System.nanoTime();
    assertThat(queue.offer("f", Deadlines.SHORT.toNanos(), TimeUnit.NANOSECONDS)).isFalse();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Deadlines.SHORT.toNanos());
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.add("f"))
        .withMessageContaining("full");
    assertThat(queue).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void everyWayOfRemovingLetsAPutGoOn() throws Exception {
    assertGoesOn(queue::poll);
    assertGoesOn(() -> queue.remove("c"));
    assertGoesOn(() -> {
      var iterator = queue.iterator();
      iterator.next();
      iterator.next();
      iterator.remove();
    });
    assertGoesOn(queue::clear);
    assertGoesOn(() -> queue.removeIf(element -> true));
    assertGoesOn(() -> queue.drainTo(new ArrayList<>(), 1));
  }

  private void assertGoesOn(Runnable removal) throws Exception {
    while (queue.offer("filler")) {}
    Future<Boolean> put =
        elsewhere(() -> {
          queue.put("x");
          return true;
        });
    Future<Boolean> offered =
        elsewhere(() -> queue.offer("y", Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS));
    assertThat(result(offered)).isFalse(); // by then the put sleeps
    assertThat(put.isDone()).isFalse();
    removal.run();
    assertThat(result(put)).isTrue();
  }

  @Test
  void interruptEndsPutAndTimedOffer() {
    while (queue.offer("filler")) {}
    Future<Boolean> put =
        elsewhere(() -> {
          queue.put("x");
          return true;
        });
    Future<Boolean> offered = elsewhere(() -> queue.offer("x", 1, TimeUnit.DAYS));
    interruptAll();
    assertInterrupted(put);
    assertInterrupted(offered);
    assertThat(queue).hasSize(CAPACITY).doesNotContain("x");
  }

  @Test
  void optionsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedQueue.create(0))
        .withMessageContaining("capacity=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QueueOptions.defaults().withMaxBytes(0))
        .withMessageContaining("maxBytes=0");
  }
}
