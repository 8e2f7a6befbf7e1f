package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.connection.Waitable;
import io.procession.internal.arena.Session;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("platforms")
class PipeQueueTest {
  private static final byte[] LARGE = new byte[300_000];

  @Test
  @SuppressWarnings("NullAway") // what is refused is tried
  void elementsAreTakenInTheirOrder() throws Exception {
    try (PipeQueue<String> queue = PipeQueue.create()) {
      assertThat(queue.isEmpty()).isTrue();
      assertThat(queue.poll()).isNull();
      assertThat(queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
      queue.put("first");
      assertThat(queue.offer("second")).isTrue();
      assertThat(queue.isEmpty()).isFalse();
      assertThat(queue.take()).isEqualTo("first");
      assertThat(queue.poll()).isEqualTo("second");
      assertThatNullPointerException().isThrownBy(() -> queue.put(null));
    }
  }

  @Test
  void isNoCollectionSoNobodyAsksForItsSize() {
    try (PipeQueue<String> queue = PipeQueue.create()) {
      assertThat((Object) queue).isNotInstanceOf(Collection.class);
    }
  }

  @Test
  void limitOfTimeIsForAPlace() throws Exception {
    try (PipeQueue<String> queue = PipeQueue.create(2)) {
      assertThat(queue.offer("first")).isTrue();
      assertThat(queue.offer("second")).isTrue();
      assertThat(queue.offer("third")).isFalse();
      assertThat(queue.offer("third", 10, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(queue.take()).isEqualTo("first");
      assertThat(queue.offer("third")).isTrue();
    }
  }

  /// As a pipe's, and as the class says.
  @Test
  void offerWaitsForMemoryWhateverItsLimit() throws Exception {
    try (PipeQueue<byte[]> queue = PipeQueue.create(100)) {
      int there = fill(queue);
      CompletableFuture<Boolean> waiting = offerInBackground(queue);
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> waiting.get(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS));
      for (int i = 0; i < there; i++) {
        assertThat(queue.take()).hasSize(LARGE.length);
      }
      assertThat(waiting.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  @Test
  void closingEndsTheWaitForMemory() throws Exception {
    PipeQueue<byte[]> queue = PipeQueue.create();
    fill(queue);
    CompletableFuture<Boolean> waiting = offerInBackground(queue);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> waiting.get(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS));
    queue.close();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(waiting::join)
        .withCauseInstanceOf(IllegalStateException.class);
    assertThatIllegalStateException().isThrownBy(queue::take);
    assertThat(queue).hasToString("PipeQueue[" + queue.name() + ", closed]");
  }

  /// Puts as many elements as there is memory for.
  private static int fill(PipeQueue<byte[]> queue) throws InterruptedException {
    int fitting = (1 << 20) / LARGE.length;
    for (int i = 0; i < fitting; i++) {
      queue.put(LARGE);
    }
    return fitting;
  }

  private static CompletableFuture<Boolean> offerInBackground(PipeQueue<byte[]> queue) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        boolean first = queue.offer(LARGE);
        return queue.offer(LARGE) && first;
      } catch (InterruptedException e) {
        throw new CompletionException(e);
      }
    });
  }

  @Test
  void elementLargerThanItsMemoryPassesAlone() throws Exception {
    try (PipeQueue<byte[]> queue = PipeQueue.create()) {
      queue.put(new byte[5_000_000]);
      assertThat(queue.take()).hasSize(5_000_000);
    }
  }

  @Test
  void isWaitedForWithOthers() throws Exception {
    try (PipeQueue<String> queue = PipeQueue.create();
        PipeQueue<String> other = PipeQueue.create()) {
      queue.put("x");
      assertThat(Waitable.awaitAny(List.of(other, queue))).containsExactly(queue);
    }
  }

  @Test
  void threadsThatDoNotExistAreJoinedAtOnce() {
    try (PipeQueue<String> queue = PipeQueue.create()) {
      queue.joinThread();
      queue.cancelJoinThread();
    }
  }

  @Test
  void boundIsPositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PipeQueue.create(0))
        .withMessage("capacity must be positive: capacity=0; use 1 or more");
  }

  @Test
  void whatIsNotSentIsFreedWhenClosed() {
    int cells = Session.current().directory().inUse();
    var queues = new ArrayList<PipeQueue<String>>();
    for (int i = 0; i < 10; i++) {
      queues.add(PipeQueue.create());
    }
    queues.forEach(PipeQueue::close);
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }
}
