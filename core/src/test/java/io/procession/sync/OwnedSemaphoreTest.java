package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("platforms")
class OwnedSemaphoreTest {
  private final OwnedSemaphore semaphore = OwnedSemaphore.create("of-test", 3);

  @AfterEach
  void destroy() {
    semaphore.destroy();
  }

  @Test
  void permitsAreTakenAndGivenBack() throws Exception {
    semaphore.acquire();
    semaphore.acquireUninterruptibly();
    assertThat(semaphore.heldPermits()).isEqualTo(2);
    assertThat(semaphore.tryAcquire(2)).isFalse();
    assertThat(semaphore.drainPermits()).isOne();
    assertThat(semaphore.drainPermits()).isZero();
    assertThat(semaphore.tryAcquire(1, MILLISECONDS)).isFalse();
    semaphore.release(2);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
    assertThat(semaphore).hasToString("OwnedSemaphore[of-test, permits=3]");
    semaphore.release();
    assertThat(semaphore.heldPermits()).isZero();
    assertThat(semaphore.availablePermits()).isEqualTo(3);
  }

  @Test
  void onlyPermitsThatTheProcessHasAreReleased() throws Exception {
    assertThatThrownBy(semaphore::release)
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessage(
            "a process releases only permits that it has:"
                + " OwnedSemaphore[of-test, permits=3], held=0, released=1");
    semaphore.acquire(2);
    assertThatThrownBy(() -> semaphore.release(3)).hasMessageContaining("held=2, released=3");
    assertThat(semaphore.availablePermits()).isOne();
    assertThatIllegalArgumentException().isThrownBy(() -> semaphore.release(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> OwnedSemaphore.create(-1));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void copiesThatWaitForManyAndForOneAllGoOn(Kind kind) throws Exception {
    semaphore.acquire(3);
    var waiters = new ArrayList<FutureTask<Boolean>>();
    for (int count : new int[] {2, 1}) {
      var copy = (OwnedSemaphore) SharedLockTest.sentObject(semaphore); // with a gate of its own
      var waiter =
          new FutureTask<>(() -> copy.tryAcquire(count, Deadlines.LONG.toMillis(), MILLISECONDS));
      SharedLockTest.awaitWaiting(kind.start(waiter));
      waiters.add(waiter);
    }
    for (int i = 0; i < 3; i++) {
      semaphore.release();
    }
    for (FutureTask<Boolean> waiter : waiters) {
      assertThat(waiter.get()).isTrue();
    }
    assertThat(semaphore.availablePermits()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void noMoreThanItsPermitsAreInside(Kind kind) throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 5; i++) {
      threads.add(
          kind.start(() -> {
            for (int k = 0; k < 1_000; k++) {
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
    assertThat(most.get()).isBetween(1, 3);
    assertThat(semaphore.availablePermits()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptEndsAWait(Kind kind) throws Exception {
    semaphore.acquire(3);
    var interrupted =
        new FutureTask<>(() -> {
          semaphore.acquire();
          return null;
        });
    Thread thread = kind.start(interrupted);
    SharedLockTest.awaitWaiting(thread);
    thread.interrupt();
    assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(semaphore.heldPermits()).isEqualTo(3);
  }

  @Test
  void whoWaitsForADestroyedOneIsTold() throws Exception {
    semaphore.acquire(3);
    var waiter = new FutureTask<>(semaphore::acquireUninterruptibly, null);
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(waiter));
    semaphore.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
    assertThatThrownBy(semaphore::release).hasMessageContaining("destroyed");
    assertThat(semaphore).hasToString("OwnedSemaphore[of-test, destroyed]");
  }

  @Test
  void givesItsMemoryBack() {
    int cells = Session.current().directory().inUse();
    int units = Session.current().units().inUse();
    for (int i = 0; i < 1_000; i++) {
      OwnedSemaphore.create(1).close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    assertThat(Session.current().units().inUse()).isLessThanOrEqualTo(units);
  }
}
