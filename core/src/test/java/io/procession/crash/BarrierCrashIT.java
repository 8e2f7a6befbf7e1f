package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that uses a barrier, or a semaphore with owners, is killed at each point where it leaves
/// their words in a state of their own.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BarrierCrashIT {
  private final Base base = Base.now();
  private final SharedBarrier barrier = SharedBarrier.create(2);
  private final OwnedSemaphore semaphore = OwnedSemaphore.create("mortal", 2);

  @AfterEach
  void nothingIsLeft() {
    barrier.destroy();
    semaphore.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(names = {"BARRIER_ENTERED", "BARRIER_FILLED"})
  void aPartyThatDiesAtTheBarrierBreaksIt(FailPoint point) throws Exception {
    SharedBarrier its = barrier;
    FutureTask<Integer> waiter = startWaiter();
    Doomed.dieAt(point, 1, its::await);
    assertThatThrownBy(() -> waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("a party died: pid ")
        .hasMessageContaining("(doomed), ");
    assertThatThrownBy(barrier::await) // it is buried by now
        .isInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("(doomed), killed by SIGKILL");
    assertThat(barrier.isBroken()).isTrue();
    barrier.reset();
    assertThat(barrier.waiting()).isZero();
  }

  @Test
  void aPartyThatDiesWhileNobodyElseHasComeBreaksIt() throws Exception {
    SharedBarrier its = barrier;
    Doomed.dieAt(FailPoint.BARRIER_ENTERED, 1, its::await);
    await().atMost(Deadlines.LONG).until(barrier::isBroken);
    assertThat(barrier.toString()).contains("broken");
    assertThat(barrier.waiting()).isZero();
  }

  @Test
  void aPartyThatDiesWhenAllHaveComeHasLetThemGoOn() throws Exception {
    SharedBarrier its = barrier;
    FutureTask<Integer> waiter = startWaiter();
    Doomed.dieAt(FailPoint.BARRIER_ENDED, 1, its::await);
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isOne();
  }

  @Test
  void whoDiesInTheActionBreaksItForAllWhoWaitAndWhoComeMeanwhile() throws Exception {
    SharedEvent acting = SharedEvent.create();
    SharedBarrier slow =
        SharedBarrier.create(
            2,
            () -> {
              acting.set();
              Thread.sleep(Deadlines.LONG);
            });
    FutureTask<Integer> waiter = new FutureTask<>(() -> slow.await());
    Thread.ofVirtual().start(waiter);
    await().atMost(Deadlines.LONG).until(() -> slow.waiting() == 1);
    JvmProcess actor = JvmProcess.of("actor", slow::await);
    actor.start();
    acting.await();
    FutureTask<Integer> early = new FutureTask<>(() -> slow.await());
    Thread thread = Thread.ofVirtual().start(early);
    await().atMost(Deadlines.LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    actor.kill();
    for (FutureTask<Integer> told : List.of(waiter, early)) {
      assertThatThrownBy(() -> told.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
          .hasCauseInstanceOf(BrokenBarrierException.class);
    }
    actor.close();
    slow.destroy();
    acting.destroy();
  }

  @Test
  void aPartyThatIsKilledBeforeItComesAgainBreaksIt() throws Exception {
    SharedBarrier its = barrier;
    JvmProcess party =
        JvmProcess.of(
            "party",
            () -> {
              its.await();
              Thread.sleep(Deadlines.LONG);
            });
    party.start();
    assertThat(barrier.await()).isBetween(0, 1);
    FutureTask<Integer> waiter = startWaiter();
    party.kill();
    assertThatThrownBy(() -> waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .hasCauseInstanceOf(BrokenBarrierException.class);
    party.close();
  }

  @Test
  void aPartyThatEndedInOrderIsMissedByNobody() throws Exception {
    SharedBarrier its = barrier;
    for (int i = 0; i < 2; i++) {
      JvmProcess party = JvmProcess.of("party-" + i, its::await);
      party.start();
      assertThat(barrier.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isBetween(0, 1);
      party.join();
      party.close();
    }
    assertThatThrownBy(() -> barrier.await(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"OWNED_PERMITS_HELD", "OWNED_PERMITS_RETURNED"})
  void permitsOfTheDeadComeBack(FailPoint point) throws Exception {
    OwnedSemaphore its = semaphore;
    Doomed.dieAt(
        point,
        1,
        () -> {
          its.acquire(2);
          its.release();
        });
    assertThat(semaphore.tryAcquire(2, Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(semaphore.heldPermits()).isEqualTo(2);
  }

  @Test
  void aWaiterThatDiesSwallowsNoPermit() throws Exception {
    OwnedSemaphore its = semaphore;
    semaphore.acquire(2);
    Doomed.dieAt(FailPoint.OWNED_PERMITS_AWAITED, 1, its::acquire);
    semaphore.release();
    assertThat(semaphore.availablePermits()).isOne();
  }

  @Test
  void whoWaitsGetsWhatTheDeadHad() throws Exception {
    OwnedSemaphore its = semaphore;
    FutureTask<Boolean> waiter =
        new FutureTask<>(() -> its.tryAcquire(2, Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
    JvmProcess holder =
        JvmProcess.of(
            "holder",
            () -> {
              its.acquire(2);
              Thread.sleep(Deadlines.LONG);
            });
    holder.start();
    await().atMost(Deadlines.LONG).until(() -> semaphore.availablePermits() == 0);
    Thread.ofVirtual().start(waiter);
    holder.kill();
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    holder.close();
  }

  @Test
  void aCallThatTheDeadOwedIsMadeGood() throws Exception {
    OwnedSemaphore its = semaphore;
    AtomicBoolean dead = new AtomicBoolean();
    FutureTask<Void> greedy =
        new FutureTask<>(() -> {
          while (!dead.get()) {
            its.acquire(2);
            its.release(2);
          }
          return null;
        });
    Thread.ofVirtual().start(greedy);
    Doomed.dieAt(
        FailPoint.OWNED_PERMITS_CALLED,
        1,
        () -> {
          while (true) {
            its.acquire();
            its.release();
          }
        });
    dead.set(true);
    greedy.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
  }

  private FutureTask<Integer> startWaiter() {
    FutureTask<Integer> waiter =
        new FutureTask<>(() -> barrier.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
    Thread.ofVirtual().start(waiter);
    await().atMost(Deadlines.LONG).until(() -> barrier.waiting() == 1);
    return waiter;
  }
}
