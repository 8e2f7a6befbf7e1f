package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that uses a semaphore or an event is killed at each point where it leaves their words in a
/// state of their own. Those who wait go on as soon as they may.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SemaphoreCrashIT {
  private final Base base = Base.now();
  private final SharedSemaphore semaphore = SharedSemaphore.create("mortal", 0);
  private final SharedEvent event = SharedEvent.create("mortal");

  @AfterEach
  void nothingIsLeft() {
    semaphore.destroy();
    event.destroy();
    base.awaitAgain();
  }

  @Test
  void aPermitOfTheDeadIsGoneAndNoOther() throws Exception {
    SharedSemaphore its = semaphore;
    semaphore.release(3);
    Doomed.dieAt(FailPoint.PERMITS_TAKEN, 1, () -> its.acquire(2));
    assertThat(semaphore.drainPermits()).isOne();
  }

  @ParameterizedTest
  @EnumSource(names = {"PERMITS_RELEASED", "PERMITS_CALLED"})
  void whatTheDeadReleasedReachesWhoWaits(FailPoint point) throws Exception {
    SharedSemaphore its = semaphore;
    FutureTask<Boolean> waiter = startWaiter();
    Doomed.dieAt(point, 1, its::release);
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void theRegularDiesWithNoPermitOfOthers() throws Exception {
    SharedSemaphore its = semaphore;
    Doomed.dieAt(
        FailPoint.PERMITS_REGULAR,
        1,
        () -> {
          for (int i = 0; i < 1000; i++) {
            its.release();
          }
        });
    int permits = semaphore.availablePermits();
    assertThat(permits).isPositive();
    for (int i = 0; i < 1000; i++) { // long enough to become the regular in its place
      semaphore.release();
    }
    assertThat(semaphore.drainPermits()).isEqualTo(permits + 1000);
  }

  @Test
  void aWaiterThatDiesSwallowsNoPermit() throws Exception {
    SharedSemaphore its = semaphore;
    Doomed.dieAt(FailPoint.PERMITS_AWAITED, 1, () -> its.acquire());
    FutureTask<Boolean> waiter = startWaiter();
    semaphore.release();
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(semaphore.availablePermits()).isZero();
  }

  @Test
  void anEventSetByTheDeadLetsAllGoOn() throws Exception {
    SharedEvent its = event;
    FutureTask<Boolean> waiter =
        new FutureTask<>(() -> its.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
    Thread.ofVirtual().start(waiter);
    Doomed.dieAt(FailPoint.EVENT_SET, 1, its::set);
    assertThat(waiter.get()).isTrue();
    assertThat(event.isSet()).isTrue();
  }

  @Test
  void anEventClearedByTheDeadIsNotSet() throws Exception {
    SharedEvent its = event;
    event.set();
    Doomed.dieAt(FailPoint.EVENT_CLEARED, 1, its::clear);
    assertThat(event.await(1, TimeUnit.MILLISECONDS)).isFalse();
  }

  /// Starts a thread that waits for a permit; returns when it does.
  private FutureTask<Boolean> startWaiter() {
    var waiter =
        new FutureTask<>(
            () -> semaphore.tryAcquire(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
    Thread thread = Thread.ofVirtual().start(waiter);
    await().atMost(Deadlines.LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return waiter;
  }
}
