package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/// Who waits for a condition has given up its lock, and has it again when a signal has reached it.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // these are what is tested
abstract class ConditionContract extends Contract {
  /// Waits once and counts before and after, with the lock held.
  private static void sleep(Turn turn, Permits asleep, Permits woken) throws InterruptedException {
    turn.lock().lock();
    try {
      asleep.release();
      turn.condition().await();
      woken.release();
    } finally {
      turn.lock().unlock();
    }
  }

  /// With the lock held: those who released before they waited do wait.
  private static void with(Turn turn, Runnable action) {
    turn.lock().lock();
    try {
      action.run();
    } finally {
      turn.lock().unlock();
    }
  }

  private FutureTask<Boolean> sleeper(Turn turn, Permits asleep, Permits woken) {
    var task =
        new FutureTask<>(() -> {
          sleep(turn, asleep, woken);
          return true;
        });
    Thread.ofPlatform().start(task);
    return task;
  }

  @Test
  void eachSignalLetsOneGoOn() throws Exception {
    Turn turn = way().condition();
    Permits asleep = way().semaphore(0);
    Permits woken = way().semaphore(0);
    Condition condition = turn.condition();
    Peer.Reply<Boolean> other = peer(0).begin(() -> sleep(turn, asleep, woken));
    FutureTask<Boolean> here = sleeper(turn, asleep, woken);
    asleep.acquire();
    asleep.acquire();
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(turn, condition::signal);
    woken.acquire();
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(turn, condition::signal);
    woken.acquire();
    other.get();
    assertThat(here.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    with(turn, condition::signal); // is not kept
    with(turn, () -> assertThat(waited(condition, 5)).isFalse());
  }

  @Test
  void signalToAllLetsAllGoOn() throws Exception {
    Turn turn = way().condition();
    Permits asleep = way().semaphore(0);
    Permits woken = way().semaphore(0);
    Condition condition = turn.condition();
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> sleep(turn, asleep, woken))).toList();
    FutureTask<Boolean> here = sleeper(turn, asleep, woken);
    for (int i = 0; i <= Way.PEERS; i++) {
      asleep.acquire();
    }
    with(turn, condition::signalAll);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(here.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    assertThat(woken.available()).isEqualTo(Way.PEERS + 1);
  }

  @Test
  void limitOfTimeEndsAWaitWithTheLockHeld() {
    Turn turn = way().condition();
    with(
        turn,
        () -> {
          assertThat(waited(turn.condition(), 20)).isFalse();
          assertThat(waited(turn.condition(), 0)).isFalse();
          assertThat(waited(turn.condition(), -1)).isFalse();
        });
  }

  private static boolean waited(Condition condition, long millis) {
    try {
      return condition.await(millis, MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void needsItsLock() throws Exception {
    Turn turn = way().condition();
    assertThatThrownBy(turn.condition()::signal).isInstanceOf(IllegalMonitorStateException.class);
    assertThatThrownBy(turn.condition()::await).isInstanceOf(IllegalMonitorStateException.class);
    turn.lock().lock();
    peer(0)
        .run(() ->
            assertThatThrownBy(turn.condition()::signalAll)
                .isInstanceOf(IllegalMonitorStateException.class));
    turn.lock().unlock();
  }

  @Test
  void interruptEndsAWait() throws Exception {
    Turn turn = way().condition();
    Permits asleep = way().semaphore(0);
    var waiter =
        new FutureTask<>(() -> {
          assertThatThrownBy(() -> sleep(turn, asleep, asleep))
              .isInstanceOf(InterruptedException.class);
          return true;
        });
    Thread thread = Thread.ofPlatform().start(waiter);
    asleep.acquire();
    thread.interrupt();
    assertThat(waiter.get(LONG.toMillis(), MILLISECONDS)).isTrue();
  }

  @Test
  void isWaitedForUntilAPredicateHolds() throws Exception {
    Turn turn = way().condition();
    Cell<Integer> state = way().value(-1);
    Condition condition = turn.condition();
    Lock lock = turn.lock();
    Peer.Reply<Integer> other =
        peer(0)
            .ask(() -> {
              lock.lock();
              try {
                state.set(0);
                condition.signal();
                while (state.get() != 4) {
                  condition.await();
                }
                return state.get();
              } finally {
                lock.unlock();
              }
            });
    lock.lock();
    try {
      while (state.get() != 0) {
        condition.await();
      }
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < 4; i++) {
      with(
          turn,
          () -> {
            state.set(state.get() + 1);
            condition.signal();
          });
    }
    assertThat(other.get()).isEqualTo(4);
  }
}
