package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.sync.SharedLockTest.ThrowingTask;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("platforms")
class SharedSemaphoreTest {
  @Test
  void permitsAreTakenAndBrought() throws Exception {
    try (var semaphore = SharedSemaphore.create("counted", 3)) {
      semaphore.acquire();
      semaphore.acquireUninterruptibly();
      assertThat(semaphore.tryAcquire(2)).isFalse();
      assertThat(semaphore.availablePermits()).isOne();
      assertThat(semaphore.tryAcquire()).isTrue();
      assertThat(semaphore.tryAcquire(1, 1, MILLISECONDS)).isFalse();
      assertThat(semaphore.tryAcquire(-1, MILLISECONDS)).isFalse();
      semaphore.release(5);
      semaphore.release();
      assertThat(semaphore).hasToString("SharedSemaphore[counted, permits=6]");
      semaphore.acquire(4);
      assertThat(semaphore.drainPermits()).isEqualTo(2);
      assertThat(semaphore.drainPermits()).isZero();
      semaphore.acquire(0);
      semaphore.release(0);
      assertThat(semaphore.availablePermits()).isZero();
    }
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SharedSemaphore.create(-1));
    try (var semaphore = SharedSemaphore.create(1)) {
      assertThat(semaphore.name()).matches("semaphore-\\d+");
      for (ThrowingTask use :
          List.<ThrowingTask>of(
              () -> semaphore.acquire(-1),
              () -> semaphore.acquireUninterruptibly(-1),
              () -> semaphore.tryAcquire(-1),
              () -> semaphore.tryAcquire(-1, 1, MILLISECONDS),
              () -> semaphore.release(-1))) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("permits=-1");
      }
      assertThat(semaphore.availablePermits()).isOne();
    }
  }

  @Test
  void moreThanCanBeCountedAreRefused() {
    try (var semaphore = SharedSemaphore.create(Integer.MAX_VALUE)) {
      assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
      assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
    }
  }

  @Test
  void boundedOneRefusesOneReleaseTooMany() throws Exception {
    try (var semaphore = BoundedSharedSemaphore.create("bounded", 2)) {
      var copy = (BoundedSharedSemaphore) SharedLockTest.sentObject(semaphore);
      semaphore.acquire(2);
      copy.release();
      assertThatThrownBy(() -> copy.release(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "a semaphore has no more than its greatest number of permits:"
                  + " BoundedSharedSemaphore[bounded, permits=1], most=2, released=2;"
                  + " release only what was acquired");
      assertThat(semaphore.availablePermits()).isOne();
      semaphore.release();
      assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
      copy.destroy();
    }
    try (var unnamed = BoundedSharedSemaphore.create(1)) {
      assertThat(unnamed.name()).matches("bounded-semaphore-\\d+");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsForManyGoesOnWhenTheyAreThere(Kind kind) throws Exception {
    try (var semaphore = SharedSemaphore.create(0)) {
      var many = new FutureTask<>(() -> acquire(semaphore, 3));
      SharedLockTest.awaitWaiting(kind.start(many));
      semaphore.release();
      semaphore.release();
      assertThat(many.isDone()).isFalse();
      semaphore.release();
      assertThat(many.get()).isTrue();
      assertThat(semaphore.availablePermits()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void copiesThatWaitForManyAndForOneAllGoOn(Kind kind) throws Exception {
    var semaphore = SharedSemaphore.create(0);
    var waiters = new ArrayList<FutureTask<Boolean>>();
    for (int count : new int[] {3, 1, 2, 1}) {
      var copy = (SharedSemaphore) SharedLockTest.sentObject(semaphore); // with a gate of its own
      var waiter = new FutureTask<>(() -> acquire(copy, count));
      SharedLockTest.awaitWaiting(kind.start(waiter));
      waiters.add(waiter);
    }
    for (int i = 0; i < 7; i++) {
      semaphore.release();
    }
    for (FutureTask<Boolean> waiter : waiters) {
      assertThat(waiter.get()).isTrue();
    }
    assertThat(semaphore.availablePermits()).isZero();
    semaphore.destroy();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void noMoreThanItsPermitsAreInside(Kind kind) throws Exception {
    try (var semaphore = BoundedSharedSemaphore.create(2)) {
      var inside = new AtomicInteger();
      var most = new AtomicInteger();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 6; i++) {
        threads.add(
            kind.start(() -> {
              for (int k = 0; k < 2_000; k++) {
                semaphore.acquireUninterruptibly();
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
                semaphore.release();
              }
            }));
      }
      for (Thread thread : threads) {
        assertThat(thread.join(Deadlines.LONG)).isTrue();
      }
      assertThat(most.get()).isBetween(1, 2);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptEndsOneWaitAndIsKeptByTheOther(Kind kind) throws Exception {
    try (var semaphore = SharedSemaphore.create(0)) {
      var interrupted =
          new FutureTask<>(() -> {
            semaphore.acquire();
            return null;
          });
      Thread first = kind.start(interrupted);
      SharedLockTest.awaitWaiting(first);
      first.interrupt();
      assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
      var kept =
          new FutureTask<>(() -> {
            semaphore.acquireUninterruptibly();
            return Thread.currentThread().isInterrupted();
          });
      Thread second = kind.start(kept);
      SharedLockTest.awaitWaiting(second);
      second.interrupt();
      assertThat(kept.isDone()).isFalse();
      semaphore.release();
      assertThat(kept.get()).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(semaphore::acquire).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void thousandsOfVirtualThreadsThatWaitHoldNobodyUp() throws Exception {
    try (var semaphore = SharedSemaphore.create(0)) {
      var waiting = new ArrayList<Thread>();
      for (int i = 0; i < 10_000; i++) {
        waiting.add(Thread.ofVirtual().start(semaphore::acquireUninterruptibly));
      }
      var other = new CountDownLatch(1);
      Thread.ofVirtual().start(other::countDown);
      assertThat(other.await(Deadlines.MEDIUM.toMillis(), MILLISECONDS)).isTrue();
      semaphore.release(10_000);
      for (Thread thread : waiting) {
        assertThat(thread.join(Deadlines.LONG)).isTrue();
      }
      assertThat(semaphore.availablePermits()).isZero();
    }
  }

  @Test
  void closedOrDestroyedItSaysSo() throws Exception {
    var semaphore = SharedSemaphore.create("gone", 0);
    var copy = (SharedSemaphore) SharedLockTest.sentObject(semaphore);
    semaphore.close();
    assertThatThrownBy(semaphore::tryAcquire)
        .hasMessageContaining("closed in this process: semaphore=");
    assertThat(semaphore).hasToString("SharedSemaphore[gone, closed]");
    var waiter = new FutureTask<>(() -> acquire(copy, 1));
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(waiter));
    copy.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
    for (ThrowingTask use :
        List.<ThrowingTask>of(
            copy::acquire,
            copy::acquireUninterruptibly,
            copy::tryAcquire,
            copy::release,
            copy::drainPermits,
            copy::availablePermits)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("destroyed: semaphore");
    }
  }

  @Test
  void givesItsCellBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < 10_000; i++) {
      SharedSemaphore.create(1).close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }

  private static boolean acquire(SharedSemaphore semaphore, int permits)
      throws InterruptedException {
    return semaphore.tryAcquire(permits, Deadlines.LONG.toMillis(), MILLISECONDS);
  }
}
