package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Value;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Who waits for a condition has given up its lock, and has it again when a signal has reached it.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // these are what is tested
abstract class ConditionContract extends Contract {
  /// Waits once and counts before and after, with the lock held.
  private static void sleep(
      LockCondition condition, CountingSemaphore asleep, CountingSemaphore woken)
      throws InterruptedException {
    condition.lock().lock();
    try {
      asleep.release();
      condition.await();
      woken.release();
    } finally {
      condition.lock().unlock();
    }
  }

  /// With the lock held: those who released before they waited do wait.
  private static void with(LockCondition condition, Runnable action) {
    condition.lock().lock();
    try {
      action.run();
    } finally {
      condition.lock().unlock();
    }
  }

  private FutureTask<Boolean> sleeper(
      LockCondition condition, CountingSemaphore asleep, CountingSemaphore woken) {
    var task =
        new FutureTask<>(() -> {
          sleep(condition, asleep, woken);
          return true;
        });
    Thread.ofPlatform().start(task);
    return task;
  }

  @Test
  void eachSignalLetsOneGoOn() throws Exception {
    LockCondition condition = way().condition();
    CountingSemaphore asleep = way().semaphore(0);
    CountingSemaphore woken = way().semaphore(0);
    Peer.Reply<Boolean> other = peer(0).begin(() -> sleep(condition, asleep, woken));
    FutureTask<Boolean> here = sleeper(condition, asleep, woken);
    asleep.acquire();
    asleep.acquire();
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(condition, condition::signal);
    woken.acquire();
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(condition, condition::signal);
    woken.acquire();
    other.get();
    assertThat(here.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    with(condition, condition::signal); // is not kept
    with(condition, () -> assertThat(waited(condition, 5)).isFalse());
  }

  @Test
  void signalToAllLetsAllGoOn() throws Exception {
    LockCondition condition = way().condition();
    CountingSemaphore asleep = way().semaphore(0);
    CountingSemaphore woken = way().semaphore(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream()
            .map(peer -> peer.begin(() -> sleep(condition, asleep, woken)))
            .toList();
    FutureTask<Boolean> here = sleeper(condition, asleep, woken);
    for (int i = 0; i <= Way.PEERS; i++) {
      asleep.acquire();
    }
    with(condition, condition::signalAll);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(here.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    assertThat(woken.availablePermits()).isEqualTo(Way.PEERS + 1);
  }

  @Test
  void limitOfTimeEndsAWaitWithTheLockHeld() {
    LockCondition condition = way().condition();
    with(
        condition,
        () -> {
          assertThat(waited(condition, 20)).isFalse();
          assertThat(waited(condition, 0)).isFalse();
          assertThat(waited(condition, -1)).isFalse();
        });
  }

  private static boolean waited(LockCondition condition, long millis) {
    try {
      return condition.await(millis, MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void needsItsLock() throws Exception {
    LockCondition condition = way().condition();
    assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
    assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
    condition.lock().lock();
    peer(0)
        .run(() ->
            assertThatThrownBy(condition::signalAll)
                .isInstanceOf(IllegalMonitorStateException.class));
    condition.lock().unlock();
  }

  @Test
  void interruptEndsAWait() throws Exception {
    LockCondition condition = way().condition();
    CountingSemaphore asleep = way().semaphore(0);
    var waiter =
        new FutureTask<>(() -> {
          assertThatThrownBy(() -> sleep(condition, asleep, asleep))
              .isInstanceOf(InterruptedException.class);
          return true;
        });
    Thread thread = Thread.ofPlatform().start(waiter);
    asleep.acquire();
    thread.interrupt();
    assertThat(waiter.get(LONG.toMillis(), MILLISECONDS)).isTrue();
  }

  @Test
  void aSignalToSomeLetsSoManyGoOn() throws Exception {
    LockCondition condition = way().condition();
    CountingSemaphore asleep = way().semaphore(0);
    CountingSemaphore woken = way().semaphore(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream()
            .map(peer -> peer.begin(() -> sleep(condition, asleep, woken)))
            .toList();
    FutureTask<Boolean> here = sleeper(condition, asleep, woken);
    asleep.acquire(Way.PEERS + 1);
    with(condition, () -> condition.signal(0));
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(condition, () -> condition.signal(2));
    woken.acquire(2);
    assertThat(woken.tryAcquire(20, MILLISECONDS)).isFalse();
    with(condition, () -> condition.signal(100));
    woken.acquire();
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(here.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    with(
        condition,
        () ->
            assertThatThrownBy(() -> condition.signal(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count=-1"));
    assertThatThrownBy(() -> condition.signal(1)).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void isWaitedForUntilAPredicateHolds() throws Exception {
    LockCondition condition = way().condition();
    Value<Integer> state = way().value(-1);
    Peer.Reply<Integer> other =
        peer(0)
            .ask(() -> {
              condition.lock().lock();
              try {
                state.set(0);
                condition.signal();
                condition.awaitUntil(() -> state.get() == 4);
                return state.get();
              } finally {
                condition.lock().unlock();
              }
            });
    condition.lock().lock();
    try {
      assertThat(condition.awaitUntil(() -> state.get() == 0, LONG.toMillis(), MILLISECONDS))
          .isTrue();
    } finally {
      condition.lock().unlock();
    }
    for (int i = 0; i < 4; i++) {
      with(
          condition,
          () -> {
            state.set(state.get() + 1);
            condition.signal();
          });
    }
    assertThat(other.get()).isEqualTo(4);
  }

  @Test
  void limitOfTimeEndsTheWaitForAPredicate() throws Exception {
    LockCondition condition = way().condition();
    assertThatThrownBy(() -> condition.awaitUntil(() -> true))
        .isInstanceOf(IllegalMonitorStateException.class);
    assertThatThrownBy(() -> condition.awaitUntil(() -> true, 1, MILLISECONDS))
        .isInstanceOf(IllegalMonitorStateException.class);
    condition.lock().lock();
    try {
      assertThat(condition.awaitUntil(() -> false, 20, MILLISECONDS)).isFalse();
      assertThat(condition.awaitUntil(() -> false, -1, MILLISECONDS)).isFalse();
      assertThat(condition.awaitUntil(() -> true, -1, MILLISECONDS)).isTrue();
      assertThat(condition.lock().isHeldByCurrentThread()).isTrue();
    } finally {
      condition.lock().unlock();
    }
  }

  @Test
  void locksMakeConditionsOfTheirs() throws Exception {
    for (QueryableLock lock : List.of(way().lock(), way().reentrantLock())) {
      LockCondition condition = lock.newCondition();
      Value<Boolean> isSet = way().value(false);
      Peer.Reply<Boolean> other =
          peer(0)
              .begin(() -> {
                lock.lock();
                try {
                  condition.awaitUntil(isSet::get);
                } finally {
                  lock.unlock();
                }
              });
      assertThat(other.isWaiting()).isTrue();
      condition.lock().lock();
      try {
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        isSet.set(true);
        condition.signalAll();
      } finally {
        lock.unlock();
      }
      other.get();
    }
  }
}
