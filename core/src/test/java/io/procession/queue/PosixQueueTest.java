package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.connection.Waitable;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Platform;
import io.procession.serial.NotSendableException;
import io.procession.shared.SharedMemory;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A POSIX queue inside one process: what the kernel's queue promises, and its limits.
class PosixQueueTest {
  private static final Path LIMITS = Path.of("/proc/sys/fs/mqueue");

  private int cells;

  @BeforeEach
  void count() {
    assumeTrue(
        Platform.current() == Platform.NATIVE && Files.isDirectory(LIMITS),
        "this system has no POSIX message queues");
    cells = Session.current().directory().inUse();
  }

  @AfterEach
  void everythingIsGivenBack() {
    if (cells > 0) {
      assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    }
  }

  @Test
  void takesInTheOrderOfPutting() throws Exception {
    try (PosixQueue<String> queue = PosixQueue.create()) {
      queue.put("a");
      assertThat(queue.offer("b")).isTrue();
      assertThat(queue.offer("c", 1, TimeUnit.SECONDS)).isTrue();
      assertThat(queue.size()).isEqualTo(3);
      assertThat(queue.take()).isEqualTo("a");
      assertThat(queue.poll()).isEqualTo("b");
      assertThat(queue.poll(1, TimeUnit.SECONDS)).isEqualTo("c");
      assertThat(queue.poll()).isNull();
      assertThat(queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void aNameStandsInWhatItSays() throws Exception {
    try (PosixQueue<String> queue = PosixQueue.create("orders", 2, 64)) {
      assertThat(queue.name()).isEqualTo("orders");
      assertThat(queue).hasToString("PosixQueue[orders, 0 of 2]");
    }
    PosixQueue<String> closed = PosixQueue.create("orders");
    closed.close();
    assertThat(closed).hasToString("PosixQueue[orders, closed]");
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.put("late"))
        .withMessageContaining("orders");
  }

  @Test
  void takesTheHighestPriorityFirst() throws Exception {
    try (PosixQueue<String> queue = PosixQueue.create()) {
      queue.put("usual");
      queue.put("urgent", PosixQueue.MAX_PRIORITY);
      queue.put("important", 7);
      assertThat(queue.offer("important, too", 7, 1, TimeUnit.SECONDS)).isTrue();
      List<String> taken = new ArrayList<>();
      assertThat(queue.drainTo(taken)).isEqualTo(4);
      assertThat(taken).containsExactly("urgent", "important", "important, too", "usual");
    }
  }

  @Test
  void zeroIsTheSystemsDefault() throws Exception {
    try (PosixQueue<String> queue = PosixQueue.create()) {
      assertThat(queue.maxMessages()).isEqualTo(limit("msg_default"));
      assertThat(queue.maxMessageBytes()).isEqualTo(limit("msgsize_default"));
    }
    try (PosixQueue<String> queue = PosixQueue.create(3, 0)) {
      assertThat(queue.maxMessages()).isEqualTo(3);
      assertThat(queue.maxMessageBytes()).isEqualTo(limit("msgsize_default"));
    }
    try (PosixQueue<String> queue = PosixQueue.create(0, 100)) {
      assertThat(queue.maxMessages()).isEqualTo(limit("msg_default"));
      assertThat(queue.maxMessageBytes()).isEqualTo(100);
    }
  }

  @Test
  void fullQueueRefusesAndThenHasRoomAgain() throws Exception {
    try (PosixQueue<Integer> queue = PosixQueue.create(2, 64)) {
      queue.put(1);
      queue.put(2);
      assertThat(queue.isFull()).isTrue();
      assertThat(queue.remainingCapacity()).isZero();
      assertThat(queue.offer(3)).isFalse();
      assertThat(queue.offer(3, 1, TimeUnit.MILLISECONDS)).isFalse();
      CompletableFuture<Void> put = inThread(() -> queue.put(3));
      assertThat(queue.take()).isEqualTo(1);
      put.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
      assertThat(queue.take()).isEqualTo(2);
      assertThat(queue.take()).isEqualTo(3);
    }
  }

  @Test
  void whatAFullQueueRefusesIsItsMakersAlone() throws Exception {
    try (PosixQueue<Object> queue = PosixQueue.create(1, 4096)) {
      queue.put("first");
      int before = Session.current().directory().inUse();
      List<SharedMemory> refused = List.of(SharedMemory.create(100), SharedMemory.create(100));
      assertThat(queue.offer(refused)).isFalse();
      assertThat(queue.offer(refused, 1, TimeUnit.MILLISECONDS)).isFalse();
      refused.forEach(SharedMemory::close);
      assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void whatIsSentWhenThereIsRoomArrives() throws Exception {
    try (PosixQueue<Object> queue = PosixQueue.create(1, 4096)) {
      SharedQueue<String> sent = SharedQueue.create();
      sent.put("content");
      queue.put("first");
      CompletableFuture<Void> put = inThread(() -> queue.put(sent));
      assertThat(queue.take()).isEqualTo("first");
      put.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
      sent.close();
      SharedQueue<?> arrived = (SharedQueue<?>) queue.take();
      assertThat(arrived.poll()).isEqualTo("content");
      arrived.destroy();
    }
  }

  @Test
  void waiterIsWokenByAPut() throws Exception {
    try (PosixQueue<Integer> queue = PosixQueue.create()) {
      CompletableFuture<Void> taker = inThread(() -> assertThat(queue.take()).isEqualTo(5));
      queue.put(5);
      taker.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void manyVirtualThreadsShareIt() throws Exception {
    try (PosixQueue<Integer> queue = PosixQueue.create();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> takers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        takers.add(threads.submit(queue::take));
      }
      for (int i = 0; i < 100; i++) {
        queue.put(i);
      }
      List<Integer> taken = new ArrayList<>();
      for (Future<Integer> taker : takers) {
        taken.add(taker.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS));
      }
      assertThat(taken).hasSize(100).doesNotHaveDuplicates();
    }
  }

  @Test
  void interruptEndsAWait() throws Exception {
    try (PosixQueue<Integer> queue = PosixQueue.create()) {
      CompletableFuture<Void> ended = new CompletableFuture<>();
      Thread taker =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  queue.take();
                } catch (InterruptedException e) {
                  ended.complete(null);
                }
              });
      taker.interrupt();
      ended.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
      taker.join();
      queue.put(1);
      assertThat(queue.size()).as("nothing was taken").isEqualTo(1);
    }
  }

  @Test
  void closingEndsTheWaitsOfThisProcess() throws Exception {
    PosixQueue<Integer> queue = PosixQueue.create();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread taker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                queue.take();
              } catch (Exception e) {
                failure.complete(e);
              }
            });
    await().atMost(Deadlines.LONG).until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    queue.close();
    queue.close();
    assertThat(failure.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    taker.join();
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.put(1))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(queue::size);
    assertThat(queue.toString()).contains("closed");
  }

  @Test
  void bufferBeforeItNeverWaits() throws Exception {
    PosixQueue<Integer> queue = PosixQueue.create(2, 64);
    CompletableFuture<List<Integer>> taken = new CompletableFuture<>();
    try (BufferedQueue<Integer> buffer = BufferedQueue.before(queue.asBlockingQueue())) {
      for (int i = 0; i < 100; i++) {
        buffer.put(i); // fifty times as many as there is room for, and nobody has taken one
      }
      Thread.ofPlatform()
          .start(() -> {
            List<Integer> all = new ArrayList<>();
            try {
              while (all.size() < 100) {
                all.add(queue.take());
              }
              taken.complete(all);
            } catch (InterruptedException | RuntimeException e) {
              taken.completeExceptionally(e);
            }
          });
      assertThat(taken.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }
    assertThatIllegalStateException().isThrownBy(queue::size).withMessageContaining("closed");
  }

  @Test
  void bufferRefusesWhatIsTooLargeInPut() {
    var queue = PosixQueue.<byte[]>create(1, 100).asBlockingQueue();
    try (BufferedQueue<byte[]> buffer = BufferedQueue.before(queue)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> buffer.put(new byte[200]))
          .withMessageContaining("maxMessageBytes=100");
    }
  }

  @Test
  void canBeWaitedForTogetherWithOthers() throws Exception {
    try (PosixQueue<Integer> first = PosixQueue.create();
        PosixQueue<Integer> second = PosixQueue.create();
        SharedQueue<Integer> third = SharedQueue.create()) {
      List<Waitable> all = List.of(first, second, third);
      assertThat(Waitable.awaitAny(all, Duration.ZERO)).isEmpty();
      CompletableFuture<Void> put = inThread(() -> second.put(1));
      assertThat(Waitable.awaitAny(all, Deadlines.LONG)).containsExactly(second);
      put.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
      third.put(2);
      assertThat(Waitable.awaitAny(all, Deadlines.LONG)).containsExactly(second, third);
      assertThat(second.take()).isEqualTo(1);
      assertThat(Waitable.awaitAny(all, Deadlines.LONG)).containsExactly(third);
    }
  }

  @Test
  void closedOneCannotBeWaitedFor() {
    PosixQueue<Integer> queue = PosixQueue.create();
    queue.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> Waitable.awaitAny(List.of(queue), Duration.ZERO))
        .withMessageContaining("posix-queue-");
  }

  @Test
  void elementTooLargeIsRefusedWithTheRemedy() {
    try (PosixQueue<byte[]> queue = PosixQueue.create(1, 100)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> queue.put(new byte[200]))
          .withMessageContaining("maxMessageBytes=100")
          .withMessageContaining("fs.mqueue.msgsize_max");
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void sizeThatTheSystemRefusesIsNamedWithItsMaximum() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> PosixQueue.create(100_000, 16))
        .withMessageContaining("maxMessages=100000")
        .withMessageContaining("up to " + limit("msg_max"))
        .withMessageContaining("sysctl fs.mqueue.msg_max=N");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> PosixQueue.create(1, 1 << 25))
        .withMessageContaining("maxMessageBytes=33554432")
        .withMessageContaining("up to " + limit("msgsize_max"));
  }

  @Test
  void userWhoHasTooManyIsToldTheLimitOnBytes() {
    List<PosixQueue<String>> open = new ArrayList<>();
    try {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> {
            while (open.size() < 10_000) {
              open.add(PosixQueue.create());
            }
          })
          .withMessageMatching("(?s).*(ulimit -q|queues_max).*");
    } finally {
      open.forEach(PosixQueue::close);
    }
    PosixQueue.<String>create().close(); // all was given back
  }

  @Test
  void badInputIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PosixQueue.create(-1, 0))
        .withMessageContaining("maxMessages=-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PosixQueue.create(0, -1))
        .withMessageContaining("maxMessageBytes=-1");
    try (PosixQueue<Object> queue = PosixQueue.create()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> queue.put("x", PosixQueue.MAX_PRIORITY + 1))
          .withMessageContaining("priority=32768");
      assertThatIllegalArgumentException().isThrownBy(() -> queue.put("x", -1));
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(new Object()));
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  private static int limit(String name) {
    try {
      return Integer.parseInt(Files.readAllLines(LIMITS.resolve(name)).getFirst());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> inThread(Action action) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            action.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        work -> Thread.ofPlatform().start(work));
  }
}
