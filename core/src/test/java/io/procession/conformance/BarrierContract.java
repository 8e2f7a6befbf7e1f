package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.shared.Value;
import io.procession.sync.Barrier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/// Parties go on when all have come, and again, unless one gives up: then none does until a reset.
abstract class BarrierContract extends Contract {
  private static final int PARTIES = Way.PEERS + 1;

  @Test
  void isPassedInLockstep() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    Value<Integer> before = way().value(0);
    Value<Integer> after = way().value(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> pass(barrier, before, after))).toList();
    pass(barrier, before, after);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(barrier.waiting()).isZero();
    assertThat(barrier.isBroken()).isFalse();
    assertThat(barrier.parties()).isEqualTo(PARTIES);
  }

  private static void pass(Barrier barrier, Value<Integer> before, Value<Integer> after)
      throws Exception {
    for (int i = 0; i < 10; i++) {
      before.update(x -> x + 1);
      assertThat(after.get()).isEqualTo(i * PARTIES);
      barrier.await();
      after.update(x -> x + 1);
      assertThat(before.get()).isEqualTo((i + 1) * PARTIES);
      barrier.await();
    }
  }

  @Test
  void eachPartyHasANumberOfItsOwn() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    List<Peer.Reply<Integer>> others = begin(barrier);
    var numbers = new ArrayList<Integer>();
    numbers.add(barrier.await(LONG.toMillis(), MILLISECONDS));
    for (Peer.Reply<Integer> other : others) {
      numbers.add(other.get());
    }
    assertThat(numbers).containsExactlyInAnyOrder(0, 1, 2);
  }

  private List<Peer.Reply<Integer>> begin(Barrier barrier) {
    return way().peers().stream().map(peer -> peer.<Integer>ask(() -> barrier.await())).toList();
  }

  @Test
  void actionRunsOnceBeforeAnyGoesOn() throws Exception {
    Value<Integer> runs = way().value(0);
    Barrier barrier = way().barrier(PARTIES, () -> runs.update(x -> x + 1));
    List<Peer.Reply<Integer>> others =
        way().peers().stream()
            .map(peer ->
                peer.<Integer>ask(() -> {
                  barrier.await();
                  return runs.get();
                }))
            .toList();
    barrier.await();
    assertThat(runs.get()).isEqualTo(1);
    for (Peer.Reply<Integer> other : others) {
      assertThat(other.get()).isEqualTo(1);
    }
  }

  @Test
  void actionThatThrowsBreaksItAndIsTold() throws Exception {
    Barrier unchecked =
        way()
            .barrier(
                1,
                () -> {
                  throw new IllegalThreadStateException("as it shall");
                });
    assertThatThrownBy(unchecked::await)
        .isInstanceOf(IllegalThreadStateException.class)
        .hasMessageContaining("as it shall");
    assertThat(unchecked.isBroken()).isTrue();
    Barrier checked =
        way()
            .barrier(
                1,
                () -> {
                  throw new IOException("as it shall");
                });
    assertThatThrownBy(checked::await)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("the action of a barrier failed")
        .hasCauseInstanceOf(IOException.class);
    assertThat(checked.isBroken()).isTrue();
  }

  @Test
  void hasOnePartyAtLeast() {
    assertThatThrownBy(() -> way().barrier(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parties must be positive: parties=0; use 1 or more");
  }

  @Test
  void abortBreaksItUntilAReset() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    List<Peer.Reply<Boolean>> broken = beginToBeBroken(barrier);
    barrier.abort();
    for (Peer.Reply<Boolean> each : broken) {
      each.get();
    }
    assertThat(barrier.isBroken()).isTrue();
    assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
    barrier.reset();
    assertThat(barrier.isBroken()).isFalse();
    passes(barrier);
  }

  /// Parties that wait, and are to be told that it is broken.
  private List<Peer.Reply<Boolean>> beginToBeBroken(Barrier barrier) {
    List<Peer.Reply<Boolean>> begun =
        way().peers().stream()
            .map(peer ->
                peer.begin(() ->
                    assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class)))
            .toList();
    await().atMost(LONG).until(() -> barrier.waiting() == Way.PEERS);
    return begun;
  }

  private void passes(Barrier barrier) throws Exception {
    List<Peer.Reply<Integer>> others = begin(barrier);
    barrier.await(LONG.toMillis(), MILLISECONDS);
    for (Peer.Reply<Integer> other : others) {
      other.get();
    }
  }

  @Test
  void resetFreesThoseWhoWaitAndItIsWhole() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    List<Peer.Reply<Boolean>> broken = beginToBeBroken(barrier);
    barrier.reset();
    for (Peer.Reply<Boolean> each : broken) {
      each.get();
    }
    assertThat(barrier.isBroken()).isFalse();
    passes(barrier);
  }

  @Test
  void limitOfTimeOfOneBreaksItForAll() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    Peer.Reply<Boolean> other =
        peer(0)
            .begin(() ->
                assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class));
    await().atMost(LONG).until(() -> barrier.waiting() == 1);
    assertThatThrownBy(() -> barrier.await(5, MILLISECONDS)).isInstanceOf(TimeoutException.class);
    other.get();
    assertThat(barrier.isBroken()).isTrue();
  }

  @Test
  void isPassedManyTimes() throws Exception {
    Barrier barrier = way().barrier(PARTIES);
    List<Peer.Reply<Integer>> others =
        way().peers().stream().map(peer -> peer.<Integer>ask(() -> passes(barrier, 300))).toList();
    int sum = passes(barrier, 300);
    for (Peer.Reply<Integer> other : others) {
      sum += other.get();
    }
    assertThat(sum).isEqualTo(300 * (1 + 2));
  }

  /// The sum of the numbers it had.
  private static int passes(Barrier barrier, int times) throws Exception {
    int sum = 0;
    for (int i = 0; i < times; i++) {
      sum += barrier.await();
    }
    return sum;
  }

  @Test
  void onePartyNeverWaits() throws Exception {
    Barrier barrier = way().barrier(1);
    assertThat(barrier.await()).isZero();
    assertThat(barrier.await()).isZero();
  }
}
