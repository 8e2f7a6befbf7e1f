package io.procession.sync;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
@Tag("platforms")
class SharedLockTest {
  /// Both kinds of thread that can wait for a lock.
  enum Kind {
    PLATFORM,
    VIRTUAL;

    Thread start(Runnable work) {
      return this == PLATFORM ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work);
    }
  }

  @Test
  void isTakenAndGivenUp() {
    try (var lock = SharedLock.create("first")) {
      assertThat(lock.isLocked()).isFalse();
      assertThat(lock.isHeldByCurrentThread()).isFalse();
      lock.lock();
      assertThat(lock.isLocked()).isTrue();
      assertThat(lock.isHeldByCurrentThread()).isTrue();
      lock.unlock();
      assertThat(lock.isLocked()).isFalse();
      assertThat(lock.tryLock()).isTrue();
      lock.unlock();
      assertThat(lock.ownerDeaths()).isZero();
    }
  }

  @Test
  void takingItAgainIsAnErrorInEveryForm() throws Exception {
    try (var lock = SharedLock.create("once")) {
      lock.lockInterruptibly();
      List<ThrowingTask> forms =
          List.of(
              lock::lock,
              lock::lockInterruptibly,
              lock::tryLock,
              () -> lock.tryLock(1, MILLISECONDS));
      for (ThrowingTask form : forms) {
        assertThatThrownBy(form::run)
            .isInstanceOf(IllegalMonitorStateException.class)
            .hasMessage("this thread holds the lock already, and it is not reentrant: lock=once");
      }
      lock.unlock();
      assertThat(lock.isLocked()).isFalse();
    }
  }

  @Test
  void onlyTheHoldingThreadMayUnlock() throws Exception {
    try (var lock = SharedLock.create("mine")) {
      assertThatThrownBy(lock::unlock)
          .isInstanceOf(IllegalMonitorStateException.class)
          .hasMessageEndingWith("lock=mine, free");
      lock.lock();
      assertThatThrownBy(() -> elsewhere(lock::unlock))
          .cause()
          .isInstanceOf(IllegalMonitorStateException.class)
          .hasMessageContaining(
              "only the thread that holds a lock may unlock it: lock=mine, held by main (pid "
                  + ProcessHandle.current().pid()
                  + "), thread "
                  + Thread.currentThread().threadId());
      assertThat(askedElsewhere(lock::isHeldByCurrentThread)).isFalse();
      lock.unlock();
    }
  }

  @Test
  void whoCannotHaveItAtOnceIsTold() throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      assertThat(askedElsewhere(lock::tryLock)).isFalse();
      assertThat(askedElsewhere(() -> lock.tryLock(0, MILLISECONDS))).isFalse();
      assertThat(askedElsewhere(() -> lock.tryLock(-1, MILLISECONDS))).isFalse();
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void waitsUntilTheTimeIsOver(Kind kind) throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      var waited =
          new FutureTask<>(() -> {
            long start = System.nanoTime();
            boolean got = lock.tryLock(30, MILLISECONDS);
            return got ? -1 : System.nanoTime() - start;
          });
      kind.start(waited);
      assertThat(waited.get()).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(30));
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsGetsItFromTheOneWhoUnlocks(Kind kind) throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      var second =
          new FutureTask<>(() -> {
            lock.lock();
            lock.unlock();
            return "had it";
          });
      Thread thread = kind.start(second);
      awaitWaiting(thread);
      assertThat(second.isDone()).isFalse();
      lock.unlock();
      assertThat(second.get()).isEqualTo("had it");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptEndsAWaitAtOnceAndLeavesTheLock(Kind kind) throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      var interrupted =
          new FutureTask<>(() -> {
            lock.lockInterruptibly();
            return null;
          });
      Thread thread = kind.start(interrupted);
      awaitWaiting(thread);
      thread.interrupt();
      assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(lock.isHeldByCurrentThread()).isTrue();
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptDoesNotEndAnUninterruptibleWaitAndIsKept(Kind kind) throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      var kept =
          new FutureTask<>(() -> {
            lock.lock();
            lock.unlock();
            return Thread.currentThread().isInterrupted();
          });
      Thread thread = kind.start(kept);
      awaitWaiting(thread);
      thread.interrupt();
      assertThat(kept.isDone()).isFalse();
      lock.unlock();
      assertThat(kept.get()).isTrue();
    }
  }

  @Test
  void interruptedThreadDoesNotTakeItInterruptibly() {
    try (var lock = SharedLock.create()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> lock.tryLock(1, NANOSECONDS))
          .isInstanceOf(InterruptedException.class);
      assertThat(lock.isLocked()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void keepsThreadsApart(Kind kind) throws Exception {
    try (var lock = SharedLock.create()) {
      int[] count = {0};
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 8; i++) {
        threads.add(
            kind.start(() -> {
              for (int k = 0; k < 5_000; k++) {
                lock.lock();
                count[0]++;
                lock.unlock();
              }
            }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(count[0]).isEqualTo(40_000);
    }
  }

  @Test
  void copiesAreOneLock() throws Exception {
    try (var lock = SharedLock.create("twin")) {
      SharedLock copy = sent(lock);
      assertThat(copy).isNotSameAs(lock);
      assertThat(copy.name()).isEqualTo("twin");
      copy.lock();
      assertThat(askedElsewhere(lock::tryLock)).isFalse();
      lock.unlock();
      assertThat(copy.isLocked()).isFalse();
      copy.destroy();
    }
  }

  @Test
  void closedHereButSentItLivesOn() {
    var lock = SharedLock.create("sent");
    SharedLock copy = sent(lock);
    lock.close();
    lock.close();
    assertThatThrownBy(lock::lock)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed in this process: lock=sent");
    assertThat(lock).hasToString("SharedLock[sent, closed]");
    copy.lock();
    copy.unlock();
    copy.destroy();
    copy.destroy();
    assertThatThrownBy(copy::tryLock).hasMessageContaining("destroyed");
    assertThat(copy).hasToString("SharedLock[sent, destroyed]");
  }

  @Test
  void holderMayUnlockAfterClose() {
    var lock = SharedLock.create();
    SharedLock copy = sent(lock);
    lock.lock();
    lock.close();
    lock.unlock();
    assertThat(copy.isLocked()).isFalse();
    copy.destroy();
  }

  @Test
  void destroyIsSeenByAllCopies() {
    var lock = SharedLock.create();
    SharedLock copy = sent(lock);
    copy.lock();
    lock.destroy();
    for (ThrowingTask use :
        List.<ThrowingTask>of(copy::lock, copy::tryLock, copy::unlock, copy::newCondition)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("destroyed: lock");
    }
    assertThatThrownBy(() -> sent(copy)).hasStackTraceContaining("destroyed: lock");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsForADestroyedLockIsTold(Kind kind) throws Exception {
    var lock = SharedLock.create();
    lock.lock();
    var waiter = new FutureTask<>(lock::lock, null);
    awaitWaiting(kind.start(waiter));
    lock.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
  }

  @Test
  void givesItsCellBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < 100_000; i++) {
      SharedLock.create().close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }

  @Test
  void unreachableItGivesItsCellBack() {
    CellRef ref = SharedLock.create().attachment.ref();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return !Session.current().directory().isThere(ref);
        });
  }

  @Test
  void toStringNamesTheHolder() {
    try (var lock = SharedLock.create("shown")) {
      assertThat(lock).hasToString("SharedLock[shown, free]");
      lock.lock();
      assertThat(lock.toString())
          .isEqualTo(
              "SharedLock[shown, held by main (pid "
                  + ProcessHandle.current().pid()
                  + "), thread "
                  + Thread.currentThread().threadId()
                  + "]");
      lock.unlock();
    }
    try (var lock = SharedLock.create()) {
      assertThat(lock.name()).matches("lock-\\d+");
    }
  }

  @Test
  void waitersOfOneProcessDoNotHoldUpVirtualThreads() throws Exception {
    try (var lock = SharedLock.create()) {
      lock.lock();
      var waiting = new ArrayList<Thread>();
      for (int i = 0; i < 1_000; i++) {
        waiting.add(
            Thread.ofVirtual()
                .start(() -> {
                  lock.lock();
                  lock.unlock();
                }));
      }
      var other = new CountDownLatch(1);
      Thread.ofVirtual().start(other::countDown);
      assertThat(other.await(Deadlines.MEDIUM.toMillis(), MILLISECONDS)).isTrue();
      lock.unlock();
      for (Thread thread : waiting) {
        assertThat(thread.join(Deadlines.LONG)).isTrue();
      }
    }
  }

  static SharedLock sent(SharedLock lock) {
    return (SharedLock) sentObject(lock);
  }

  static Object sentObject(Object object) {
    var out = new ByteSink(64);
    Codec.standard().encode(object, out);
    try {
      return requireNonNull(Codec.standard().decode(new ByteSource(out.array(), 0, out.length())));
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Awaits that a thread waits, at some looks in a row: one that is still on its way may wait for
  /// something else for a moment.
  static void awaitWaiting(Thread thread) {
    var seen = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Deadlines.MEDIUM)
        .until(() -> {
          Thread.State state = thread.getState();
          boolean waits =
              state == Thread.State.TIMED_WAITING
                  || state == Thread.State.WAITING
                  || isInKernel(thread);
          return (waits ? seen.incrementAndGet() : seen.getAndSet(0)) >= 4;
        });
  }

  private static boolean isInKernel(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().endsWith("internal.posix.Futex")) {
        return true;
      }
    }
    return false;
  }

  static void elsewhere(Runnable work) throws InterruptedException, ExecutionException {
    var task = new FutureTask<>(work, null);
    Thread.ofPlatform().start(task);
    task.get();
  }

  static boolean askedElsewhere(Callable<Boolean> question)
      throws InterruptedException, ExecutionException {
    var task = new FutureTask<>(question);
    Thread.ofPlatform().start(task);
    return task.get();
  }

  interface ThrowingTask {
    void run() throws Exception;
  }
}
