package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.serial.NotSendableException;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `put` never waits, and what was put arrives.
@Tag("platforms")
class BufferedQueueTest {
  private static final int MANY = 5_000;

  private static List<Integer> numbers() {
    return IntStream.range(0, MANY).boxed().toList();
  }

  private static List<Integer> take(SharedQueue<Integer> queue, int count)
      throws InterruptedException {
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < count) {
      Integer element = queue.poll(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(element).as("element %d", taken.size()).isNotNull();
      taken.add(element);
    }
    return taken;
  }

  private static CompletableFuture<Void> inBackground(Runnable action) {
    return CompletableFuture.runAsync(action, work -> Thread.ofPlatform().start(work));
  }

  @Test
  void elementIsMadeReadyByPutBeforeASimpleQueueToo() throws Exception {
    SimpleQueue<Object> queue = SimpleQueue.create();
    BufferedQueue<Object> buffered = BufferedQueue.before(queue.asBlockingQueue());
    assertThatThrownBy(() -> buffered.put(new Object())).isInstanceOf(NotSendableException.class);
    int[] element = {1};
    buffered.put(element);
    element[0] = 2; // which is not sent
    buffered.flush();
    assertThat((int[]) queue.take()).containsExactly(1);
    buffered.close();
    queue.close();
  }

  @Test
  void putDoesNotWaitForRoom() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    for (int i = 0; i < MANY / 2; i++) {
      buffered.put(i);
    }
    buffered.putMany(numbers().subList(MANY / 2, MANY));
    await().atMost(Deadlines.MEDIUM).until(queue::isFull);
    assertThat(buffered.buffered()).isBetween(MANY - 2, MANY);
    assertThat(buffered.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
    assertThat(take(queue, MANY)).isEqualTo(numbers());
    buffered.close();
  }

  @Test
  void flushEndsIfTheQueueFailsAndAHandlerOfLogsThrows() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(1);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    CompletableFuture<Void> told = new CompletableFuture<>();
    Logger logger = Logger.getLogger("io.procession.queue");
    Handler handler =
        telling(() -> {
          told.complete(null);
          throw new IllegalStateException("a handler that throws");
        });
    logger.addHandler(handler);
    try {
      buffered.putMany(List.of(1, 2, 3));
      await().atMost(Deadlines.MEDIUM).until(queue::isFull);
      queue.shutdown(true);
      told.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
      FutureTask<Boolean> flushing =
          new FutureTask<>(() -> {
            buffered.flush();
            return true;
          });
      Thread.ofVirtual().start(flushing);
      assertThat(flushing.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(buffered.buffered()).isZero();
    } finally {
      logger.removeHandler(handler);
      queue.destroy();
    }
  }

  private static Handler telling(Runnable listener) {
    return new Handler() {
      @Override
      public void publish(LogRecord logged) {
        listener.run();
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /// As one may that ends the program's parts when one of them fails.
  @Test
  void handlerOfLogsMayCloseTheBufferWhoseLossItIsTold() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(1);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    CompletableFuture<Void> shut = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Logger logger = Logger.getLogger("io.procession.queue");
    Handler handler =
        telling(() -> {
          shut.join(); // the queue is closed with the buffer, which would break into that
          buffered.close();
          closed.complete(null);
        });
    logger.addHandler(handler);
    try {
      buffered.putMany(List.of(1, 2, 3));
      await().atMost(Deadlines.MEDIUM).until(queue::isFull);
      queue.shutdown(true);
      shut.complete(null);
      closed.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      shut.complete(null);
      logger.removeHandler(handler);
      queue.destroy();
    }
  }

  @Test
  void whatTakesAndLooksDoesSoAtTheQueue() throws Exception {
    try (BufferedQueue<Integer> buffered = BufferedQueue.create()) {
      assertThat(buffered.offer(1)).isTrue();
      assertThat(buffered.offer(2, 1, TimeUnit.DAYS)).isTrue();
      assertThat(buffered.add(3)).isTrue();
      buffered.putMany(List.of(4, 5, 6));
      buffered.flush();
      assertThat(buffered.buffered()).isZero();
      assertThat(buffered)
          .hasSize(6)
          .contains(3)
          .hasToString(buffered.name() + " before [1, 2, 3, 4, 5, 6]");
      assertThat(buffered.peek()).isOne();
      assertThat(buffered.take()).isOne();
      assertThat(buffered.poll()).isEqualTo(2);
      assertThat(buffered.poll(1, TimeUnit.DAYS)).isEqualTo(3);
      assertThat(buffered.remove(5)).isTrue();
      List<Integer> rest = new ArrayList<>();
      assertThat(buffered.drainTo(rest, 1)).isOne();
      assertThat(buffered.drainTo(rest)).isOne();
      assertThat(rest).containsExactly(4, 6);
    }
  }

  @Test
  void whatCannotBeSentFailsInPut() throws Exception {
    try (BufferedQueue<Object> buffered = BufferedQueue.create()) {
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> buffered.put(new Object()));
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> buffered.putMany(List.of(1, new Object())));
      assertThatNullPointerException().isThrownBy(() -> buffered.putMany(withNull()));
      List<Integer> list = new ArrayList<>(List.of(1));
      buffered.put(list);
      list.add(2);
      assertThat(buffered.take()).isEqualTo(List.of(1));
      assertThat(buffered).isEmpty();
    }
  }

  @SuppressWarnings("NullAway") // what callers must not pass
  private static List<Object> withNull() {
    return Arrays.asList(1, null);
  }

  @Test
  void elementThatCanNeverBeSentFailsInPut() {
    SharedQueue<byte[]> small = SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20));
    try (BufferedQueue<byte[]> buffered = BufferedQueue.before(small)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> buffered.put(new byte[2 << 20]))
          .withMessageContaining("limit=1048576");
    }
  }

  @Test
  void senderWaitsForMemory() throws Exception {
    SharedQueue<byte[]> small = SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20));
    try (BufferedQueue<byte[]> buffered = BufferedQueue.before(small)) {
      for (int i = 0; i < 50; i++) {
        buffered.put(new byte[100_000]);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(small.poll(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
      }
    }
  }

  @Test
  void closeSendsAll() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    buffered.putMany(numbers());
    CompletableFuture<Void> closing = inBackground(buffered::close);
    assertThat(take(queue, MANY - 2)).isEqualTo(numbers().subList(0, MANY - 2));
    closing.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
    assertThatIllegalStateException().isThrownBy(() -> buffered.put(1));
    assertThatIllegalStateException().isThrownBy(queue::size); // closed, too
    buffered.close();
    buffered.joinThread();
  }

  @Test
  void interruptEndsTheWaitOfCloseAndNotTheSending() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    assertThatIllegalStateException().isThrownBy(buffered::joinThread);
    buffered.putMany(numbers());
    Thread.currentThread().interrupt();
    buffered.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(take(queue, MANY - 2)).isEqualTo(numbers().subList(0, MANY - 2));
    buffered.joinThread();
  }

  @Test
  void cancelledJoinIsNotWaitedFor() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    buffered.putMany(numbers());
    buffered.cancelJoinThread();
    buffered.close();
    assertThat(take(queue, MANY - 2)).isEqualTo(numbers().subList(0, MANY - 2));
    buffered.joinThread();
  }

  @Test
  void unusedOneClosesAtOnce() throws Exception {
    BufferedQueue<Integer> buffered = BufferedQueue.create();
    buffered.close();
    buffered.joinThread();
    assertThatIllegalStateException().isThrownBy(() -> buffered.putMany(List.of(1)));
  }

  @Test
  void failureOfTheQueueIsTold() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    try (BufferedQueue<Integer> buffered = BufferedQueue.before(queue)) {
      buffered.putMany(numbers());
      queue.shutdown(false);
      buffered.flush();
      assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> buffered.put(1));
      assertThat(buffered.buffered()).isZero();
    }
  }

  @Test
  void unreachableOneSendsAll() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create(2);
    forgetBuffer(queue);
    System.gc();
    assertThat(take(queue, MANY)).isEqualTo(numbers());
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().startsWith("procession-sender"));
        });
    queue.close();
  }

  private static void forgetBuffer(SharedQueue<Integer> queue) {
    BufferedQueue.before(queue).putMany(numbers());
  }

  @Test
  void standsBeforeAPipe() throws Exception {
    try (BufferedQueue<byte[]> buffered =
        BufferedQueue.before(PipeQueue.<byte[]>create().asBlockingQueue())) {
      assertThat(buffered.isEmpty()).isTrue();
      for (int i = 0; i < 50; i++) {
        buffered.put(new byte[100_000]); // five times what the pipe holds
      }
      for (int i = 0; i < 49; i++) {
        assertThat(buffered.take()).hasSize(100_000);
      }
      List<byte[]> last = new ArrayList<>();
      assertThat(buffered.poll(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
      assertThat(buffered.drainTo(last)).isZero();
      assertThat(buffered.poll()).isNull();
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(buffered::size);
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(buffered::peek);
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(buffered::iterator);
      assertThat(buffered).hasToString(buffered.name() + " before " + buffered.queue());
    }
  }

  @Test
  void arrivesElsewhereWithABufferOfItsOwn() throws Exception {
    BufferedQueue<Object> buffered = BufferedQueue.create();
    buffered.putMany(
        List.of("a", buffered, BufferedQueue.before(PipeQueue.create().asBlockingQueue())));
    assertThat(buffered.take()).isEqualTo("a");
    var copy = (BufferedQueue<?>) buffered.take();
    assertThat(copy.queue()).isSameAs(buffered.queue());
    assertThat(copy.name()).isNotEqualTo(buffered.name());
    var pipe = (BufferedQueue<?>) buffered.take();
    assertThat(pipe.isEmpty()).isTrue();
    ((PipeQueue<?>) ((BlockingView<?>) pipe.queue()).queue()).destroy();
    ((SharedQueue<?>) copy.queue()).destroy();
    buffered.close();
  }

  @Test
  void standsBeforeAnyBlockingQueue() throws Exception {
    var queue = new ArrayBlockingQueue<Object>(1);
    Object element = new Object();
    try (BufferedQueue<Object> buffered = BufferedQueue.before(queue)) {
      buffered.put(element);
      assertThat(buffered.take()).isSameAs(element);
    }
  }
}
