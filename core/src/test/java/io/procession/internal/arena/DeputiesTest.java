package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Platform;
import io.procession.internal.posix.PollingWait;
import io.procession.internal.posix.WordWait;
import io.procession.testing.Deadlines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waits of virtual threads, whose deputies must not lose what a waiter of its own would have seen.
class DeputiesTest {
  private static final long WORD = 0;
  private static final long BELL = 64;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(128, 64);
  private final WordWait strategy = WordWait.of(Platform.current());
  private final Deputies deputies = new Deputies(memory, strategy, BELL);

  /// So late that a wait which lasts until then has missed something.
  private final long late = System.nanoTime() + 3 * Deadlines.LONG.toNanos();

  @AfterEach
  void close() {
    await().atMost(Deadlines.LONG).until(() -> deputyThreads().isEmpty());
    arena.close();
  }

  @Test
  void changeThatNobodyAnnouncedEndsALaterWaitAtOnce() throws Exception {
    Thread first = startWaiter(0);
    Words.setIntVolatile(memory, WORD, 1);
    Thread second = startVirtual(() -> deputies.await(WORD, 0, 0, late));
    assertThat(second.join(Deadlines.MEDIUM)).isTrue();
    strategy.wake(memory, WORD, 1);
    assertThat(first.join(Deadlines.MEDIUM)).isTrue();
  }

  @Test
  void wakeUpForAWaiterThatHasLeftGoesToAnother() throws Exception {
    Thread leaving = startWaiter(0);
    leaving.interrupt();
    leaving.join();
    Thread other = Thread.ofPlatform().start(() -> strategy.await(memory, WORD, 0, BELL, 0, late));
    awaitInKernel(other);
    Words.setIntVolatile(memory, WORD, 1);
    strategy.wake(memory, WORD, 1);
    assertThat(other.join(Deadlines.MEDIUM)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {WORD, BELL})
  void changeEndsAllWaits(long changed) throws Exception {
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiters.add(startVirtual(() -> deputies.await(WORD, 0, 0, late)));
    }
    await().atMost(Deadlines.MEDIUM).until(() -> waiters.stream().allMatch(DeputiesTest::isParked));
    assertThat(deputyThreads()).hasSize(1);
    Words.setIntVolatile(memory, changed, 1);
    strategy.wake(memory, changed, Integer.MAX_VALUE);
    for (Thread waiter : waiters) {
      assertThat(waiter.join(Deadlines.MEDIUM)).isTrue();
    }
  }

  @Test
  void oneThreadServesOneWaitAfterAnother() throws Exception {
    Set<Thread> served = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Thread waiter = startWaiter(i);
      served.addAll(deputyThreads());
      Words.setIntVolatile(memory, WORD, i + 1);
      strategy.wake(memory, WORD, 1);
      assertThat(waiter.join(Deadlines.MEDIUM)).isTrue();
    }
    assertThat(served).hasSizeLessThan(10); // who comes too late for one that is idle gets another
  }

  @Test
  void waitGoesOnWhereThereCanBeNoThread() throws Exception {
    var refused = new AtomicInteger();
    Deputies alone =
        new Deputies(
            memory,
            strategy,
            BELL,
            work -> {
              refused.incrementAndGet();
              throw new OutOfMemoryError("unable to create native thread");
            });
    var problem = new AtomicReference<Throwable>();
    Thread waiter =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((thread, e) -> problem.set(e))
            .start(() -> alone.await(WORD, 0, 0, late));
    await().atMost(Deadlines.MEDIUM).until(() -> refused.get() > 2 || !waiter.isAlive());
    assertThat(problem).hasNullValue();
    assertThat(waiter.isAlive()).isTrue();
    Words.setIntVolatile(memory, WORD, 1);
    assertThat(waiter.join(Deadlines.MEDIUM)).isTrue();
    assertThat(problem).hasNullValue();
  }

  @Test
  void waitGoesOnWhereADeputyHasFailed() throws Exception {
    var failed = new AtomicInteger();
    var problem = new AtomicReference<Throwable>();
    WordWait failing =
        new WordWait() {
          @Override
          public void await(
              MemorySegment at, long word, int expected, long bell, int heard, long deadline) {
            if (failed.getAndIncrement() == 0) {
              throw new OutOfMemoryError("Java heap space");
            }
            strategy.await(at, word, expected, bell, heard, deadline);
          }

          @Override
          public int wake(MemorySegment at, long word, int count) {
            return strategy.wake(at, word, count);
          }

          @Override
          public int code() {
            return strategy.code();
          }
        };
    Deputies mortal =
        new Deputies(
            memory,
            failing,
            BELL,
            Thread.ofPlatform()
                .daemon()
                .uncaughtExceptionHandler((thread, e) -> problem.set(e))
                .factory());
    Thread waiter = startVirtual(() -> mortal.await(WORD, 0, 0, late));
    await().atMost(Deadlines.MEDIUM).until(() -> failed.get() > 1);
    assertThat(problem.get()).isInstanceOf(OutOfMemoryError.class);
    Words.setIntVolatile(memory, WORD, 1);
    strategy.wake(memory, WORD, 1);
    assertThat(waiter.join(Deadlines.MEDIUM)).isTrue();
  }

  private Thread startWaiter(int expected) {
    Thread waiter = startVirtual(() -> deputies.await(WORD, expected, 0, late));
    awaitParked(waiter);
    await() // whichever it is: the last one may not have ended yet
        .atMost(Deadlines.MEDIUM)
        .until(() -> deputyThreads().stream().anyMatch(this::isInKernel));
    return waiter;
  }

  private static Thread startVirtual(Runnable work) {
    return Thread.ofVirtual().start(work);
  }

  private static void awaitParked(Thread waiter) {
    await().atMost(Deadlines.MEDIUM).until(() -> isParked(waiter));
  }

  private static boolean isParked(Thread waiter) {
    return waiter.getState() == Thread.State.TIMED_WAITING;
  }

  private void awaitInKernel(Thread waiter) {
    await().atMost(Deadlines.MEDIUM).until(() -> isInKernel(waiter));
  }

  private boolean isInKernel(Thread thread) {
    String place = strategy instanceof PollingWait ? "PollingWait" : "posix.Syscall";
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().endsWith(place)) {
        return true;
      }
    }
    return false;
  }

  private static List<Thread> deputyThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("procession-deputy-" + WORD))
        .toList();
  }
}
