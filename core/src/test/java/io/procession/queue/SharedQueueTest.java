package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a shared queue promises beyond `BlockingQueue`: its life, its handles, many threads at once.
@Tag("platforms")
class SharedQueueTest {
  private final Session session = Session.current();
  private int units;
  private int cells;

  @BeforeEach
  void count() {
    units = session.units().inUse();
    cells = session.directory().inUse();
  }

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void keepsTheOrderThroughManySegments() throws Exception {
    try (SharedQueue<String> queue = SharedQueue.create()) {
      for (int i = 0; i < 10_000; i++) {
        queue.put("element " + i);
      }
      assertThat(queue.size()).isEqualTo(10_000);
      for (int i = 0; i < 10_000; i++) {
        assertThat(queue.take()).isEqualTo("element " + i);
      }
      assertThat(queue.poll()).isNull();
    }
  }

  @Test
  void closedQueueSaysSoAndClosesAgain() {
    SharedQueue<String> queue = SharedQueue.create();
    queue.close();
    queue.close();
    assertThatIllegalStateException()
        .isThrownBy(queue::size)
        .withMessage("closed in this process: queue=" + queue.name());
    queue.destroy();
    assertThatIllegalStateException()
        .isThrownBy(queue::size)
        .withMessage("destroyed: queue=" + queue.name());
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.add("x"))
        .withMessageContaining("destroyed");
    assertThat(queue).hasToString(queue.name() + " (closed)");
  }

  @Test
  void closeEndsWaits() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    var taken = CompletableFuture.supplyAsync(() -> take(queue));
    assertThat(queue.poll(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    queue.close();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> taken.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS))
        .withCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void handleThatComesBackIsTheSameQueue() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    assertThat(copy(queue)).isSameAs(queue);
    byte[] sent = bytes(queue);
    queue.close();
    Object again = read(sent);
    assertThat(again).isNotSameAs(queue).isInstanceOf(SharedQueue.class);
    assertThat(copy(again)).isSameAs(again);
    ((SharedQueue<?>) again).destroy();
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> read(sent))
        .withMessageContaining("destroyed");
  }

  @Test
  void queueThatWasSentOutlivesItsClosing() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    queue.put("kept");
    byte[] sent = bytes(queue);
    queue.close();
    var attached = (SharedQueue<?>) Codec.standard().decode(new ByteSource(sent));
    assertThat(attached).isNotNull();
    if (attached != null) {
      assertThat(attached.take()).isEqualTo("kept");
      attached.destroy();
    }
  }

  @Test
  void unreachableQueueIsFreed() {
    forgetSomeQueues();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return session.directory().inUse() <= cells;
        });
  }

  private static void forgetSomeQueues() {
    for (int i = 0; i < 10; i++) {
      SharedQueue<String> queue = SharedQueue.create();
      queue.add("x");
    }
  }

  @Test
  void nothingIsLostDoubledOrOutOfOrderAmongThreads() throws Exception {
    try (SharedQueue<long[]> queue = SharedQueue.create()) {
      trafficAmongThreads(queue, Thread.ofPlatform().factory());
    }
  }

  @Test
  void nothingIsLostDoubledOrOutOfOrderInABoundedQueue() throws Exception {
    try (SharedQueue<long[]> queue = SharedQueue.create(3)) {
      trafficAmongThreads(queue, Thread.ofPlatform().factory());
    }
  }

  @Test
  void nothingIsLostDoubledOrOutOfOrderAmongVirtualThreads() throws Exception {
    try (SharedQueue<long[]> queue = SharedQueue.create(3)) {
      trafficAmongThreads(queue, Thread.ofVirtual().factory());
    }
  }

  private static void trafficAmongThreads(SharedQueue<long[]> queue, ThreadFactory factory)
      throws Exception {
    int each = 3_000;
    int pairs = 4;
    var sum = new AtomicLong();
    List<CompletableFuture<?>> work = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      long producer = pair;
      work.add(
          CompletableFuture.runAsync(
              () -> produce(queue, producer, each), task -> factory.newThread(task).start()));
      work.add(
          CompletableFuture.runAsync(
              () -> consume(queue, pairs, each, sum), task -> factory.newThread(task).start()));
    }
    CompletableFuture.allOf(work.toArray(CompletableFuture[]::new))
        .get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(sum.get()).isEqualTo((long) pairs * each * (each - 1) / 2);
    assertThat(queue).isEmpty();
  }

  private static void produce(SharedQueue<long[]> queue, long producer, int each) {
    for (long i = 0; i < each; i++) {
      try {
        queue.put(new long[] {producer, i, producer * 31 + i * 7});
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void consume(SharedQueue<long[]> queue, int producers, int each, AtomicLong sum) {
    long[] last = new long[producers];
    for (int i = 0; i < each; i++) {
      long[] element = take(queue);
      assertThat(element[2]).isEqualTo(element[0] * 31 + element[1] * 7);
      int producer = (int) element[0];
      assertThat(element[1] + 1).isGreaterThan(last[producer]);
      last[producer] = element[1] + 1;
      sum.addAndGet(element[1]);
    }
  }

  private static <E> E take(SharedQueue<E> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Object copy(Object value) throws Exception {
    return read(bytes(value));
  }

  private static Object read(byte[] sent) throws Exception {
    Object copy = Codec.standard().decode(new ByteSource(sent));
    if (copy == null) {
      throw new AssertionError("came back as null");
    }
    return copy;
  }

  private static byte[] bytes(Object value) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(value, sink);
    return sink.toByteArray();
  }

  @Test
  void toStringReadsTheFirstOnly() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      for (int i = 0; i < 40; i++) {
        queue.put(i);
      }
      assertThat(queue.toString()).startsWith("[0, 1, ").endsWith(", 31, and 8 more]");
      assertThat(queue).hasSize(40);
    }
  }
}
