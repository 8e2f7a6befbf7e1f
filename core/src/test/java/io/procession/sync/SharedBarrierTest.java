package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("platforms")
class SharedBarrierTest {
  private static final String SELF = "main (pid " + ProcessHandle.current().pid() + ")";

  private final SharedBarrier barrier = SharedBarrier.create(3);

  @AfterEach
  void destroy() {
    barrier.destroy();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allGoOnWhenAllHaveCome(Kind kind) throws Exception {
    assertThat(barrier.parties()).isEqualTo(3);
    for (int round = 0; round < 70; round++) { // more than there are outcomes
      List<FutureTask<Integer>> others = List.of(comer(barrier), comer(barrier));
      others.forEach(kind::start);
      var indexes = new ArrayList<Integer>();
      indexes.add(barrier.await(Deadlines.LONG.toMillis(), MILLISECONDS));
      for (FutureTask<Integer> other : others) {
        indexes.add(other.get());
      }
      assertThat(indexes).containsExactlyInAnyOrder(0, 1, 2);
    }
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTimeLimitBreaksItForAll(Kind kind) throws Exception {
    FutureTask<Integer> other = comer(barrier);
    SharedLockTest.awaitWaiting(kind.start(other));
    assertThat(barrier.waiting()).isOne();
    assertThat(barrier.toString()).endsWith(", 1 of 3 are there]");
    assertThatThrownBy(() -> barrier.await(5, MILLISECONDS)).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(other::get)
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("the time limit of a party passed, by " + SELF);
    assertThat(barrier.isBroken()).isTrue();
    assertThat(barrier.toString()).endsWith(", broken]");
    assertThatThrownBy(barrier::await)
        .isInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("the time limit of a party passed")
        .hasMessageEndingWith("reset() makes it whole");
    barrier.reset();
    allGoOnWhenAllHaveCome(kind);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anInterruptBreaksItForTheOthers(Kind kind) throws Exception {
    FutureTask<Integer> interrupted = comer(barrier);
    FutureTask<Integer> other = comer(barrier);
    Thread thread = kind.start(interrupted);
    SharedLockTest.awaitWaiting(thread);
    SharedLockTest.awaitWaiting(kind.start(other));
    thread.interrupt();
    assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(other::get)
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("a waiting thread was interrupted, by " + SELF);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void abortAndResetBreakItForThoseWhoWait(Kind kind) throws Exception {
    FutureTask<Integer> first = comer(barrier);
    SharedLockTest.awaitWaiting(kind.start(first));
    barrier.reset();
    assertThatThrownBy(first::get)
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("it was reset while parties waited, by " + SELF);
    assertThat(barrier.isBroken()).isFalse();
    FutureTask<Integer> second = comer(barrier);
    SharedLockTest.awaitWaiting(kind.start(second));
    barrier.abort();
    barrier.abort();
    assertThatThrownBy(second::get)
        .hasCauseInstanceOf(BrokenBarrierException.class)
        .hasMessageContaining("it was aborted, by " + SELF);
    assertThat(barrier.isBroken()).isTrue();
  }

  @Test
  void theLastRunsTheActionAlsoOfACopy() throws Exception {
    SharedEvent acted = SharedEvent.create();
    SharedBarrier acting = SharedBarrier.create(1, acted::set);
    assertThat(acting.await()).isZero();
    assertThat(acted.isSet()).isTrue();
    acted.clear();
    var copy = (SharedBarrier) SharedLockTest.sentObject(acting);
    assertThat(copy.await()).isZero();
    assertThat(acted.isSet()).isTrue();
    acting.destroy();
    acted.destroy();
  }

  @Test
  void anActionThatThrowsBreaksIt() {
    SharedBarrier acting =
        SharedBarrier.create(
            1,
            () -> {
              throw new IOException("no");
            });
    assertThatThrownBy(acting::await)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("no");
    assertThat(acting.isBroken()).isTrue();
    assertThatThrownBy(acting::await).hasMessageContaining("its action failed, by " + SELF);
    acting.destroy();
  }

  /// One runs an action that lasts, one waits for its end, one comes for the next time meanwhile.
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsForAnActionHasATimeLimit(Kind kind) throws Exception {
    for (boolean comesMeanwhile : new boolean[] {false, true}) {
      SharedEvent acting = SharedEvent.create();
      SharedEvent goOn = SharedEvent.create();
      SharedBarrier slow =
          SharedBarrier.create(
              2,
              () -> {
                acting.set();
                goOn.await();
              });
      FutureTask<Integer> waiter =
          new FutureTask<>(() -> slow.await(comesMeanwhile ? Long.MAX_VALUE : 2_000, MILLISECONDS));
      SharedLockTest.awaitWaiting(kind.start(waiter));
      FutureTask<Integer> actor = comer(slow);
      kind.start(actor);
      acting.await();
      if (comesMeanwhile) {
        assertThatThrownBy(() -> slow.await(5, MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      } else {
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(TimeoutException.class);
      }
      assertThat(slow.isBroken()).isTrue();
      goOn.set();
      assertThatThrownBy(actor::get).hasCauseInstanceOf(BrokenBarrierException.class);
      slow.destroy();
      acting.destroy();
      goOn.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoComesDuringAnActionMayBeInterrupted(Kind kind) throws Exception {
    SharedEvent acting = SharedEvent.create();
    SharedEvent goOn = SharedEvent.create();
    SharedBarrier slow =
        SharedBarrier.create(
            1,
            () -> {
              acting.set();
              goOn.await();
            });
    FutureTask<Integer> actor = comer(slow);
    kind.start(actor);
    acting.await();
    FutureTask<Integer> early = comer(slow);
    Thread thread = kind.start(early);
    SharedLockTest.awaitWaiting(thread);
    thread.interrupt();
    assertThatThrownBy(early::get).hasCauseInstanceOf(InterruptedException.class);
    goOn.set();
    assertThatThrownBy(actor::get).hasCauseInstanceOf(BrokenBarrierException.class);
    slow.destroy();
    acting.destroy();
    goOn.destroy();
  }

  @Test
  void whoComesDuringAnActionIsNextWhenItHasEnded() throws Exception {
    SharedEvent acting = SharedEvent.create();
    SharedEvent goOn = SharedEvent.create();
    SharedBarrier slow =
        SharedBarrier.create(
            1,
            () -> {
              acting.set();
              goOn.await();
            });
    FutureTask<Integer> actor = comer(slow);
    Kind.PLATFORM.start(actor);
    acting.await();
    FutureTask<Integer> early = comer(slow);
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(early));
    goOn.set();
    assertThat(actor.get()).isZero();
    assertThat(early.get()).isZero();
    slow.destroy();
    acting.destroy();
    goOn.destroy();
  }

  @Test
  void badUsesAreRefused() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> SharedBarrier.create(0));
    assertThatIllegalArgumentException().isThrownBy(() -> SharedBarrier.create("start", 0));
    Thread.currentThread().interrupt();
    assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
    assertThat(barrier.isBroken()).isTrue();
    barrier.reset();
    FutureTask<Integer> waiter = comer(barrier);
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(waiter));
    barrier.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
    assertThatThrownBy(barrier::await).hasMessageContaining("destroyed");
    assertThat(barrier.toString()).endsWith(", destroyed]");
  }

  @Test
  void nameStandsInMessages() throws Exception {
    try (SharedBarrier named = SharedBarrier.create("start", 1, () -> {})) {
      assertThat(named.name()).isEqualTo("start");
      assertThat(named.await()).isZero();
      named.destroy();
      assertThatThrownBy(named::await).hasMessageContaining("barrier=start");
    }
    try (SharedBarrier named = SharedBarrier.create("end", 2)) {
      assertThat(named.toString()).contains("end");
    }
  }

  @Test
  void givesItsMemoryBack() {
    int cells = Session.current().directory().inUse();
    int units = Session.current().units().inUse();
    for (int i = 0; i < 1_000; i++) {
      SharedBarrier.create(2).close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    assertThat(Session.current().units().inUse()).isLessThanOrEqualTo(units);
  }

  private static FutureTask<Integer> comer(SharedBarrier barrier) {
    return new FutureTask<>(() -> barrier.await(Deadlines.LONG.toMillis(), MILLISECONDS));
  }
}
