package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Value;
import io.procession.sync.QueryableLock;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/// A lock has one holder at a time, a thread of a process, which alone gives it up.
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
abstract class LockContract extends Contract {
  @Test
  void isTakenByOneAndGivenUpByIt() throws Exception {
    QueryableLock lock = way().lock();
    assertThat(lock.isLocked()).isFalse();
    assertThat(lock.isHeldByCurrentThread()).isFalse();
    assertThat(lock.tryLock()).isTrue();
    assertThat(lock.isLocked()).isTrue();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    assertThat(peer(0).<Boolean>call(lock::isLocked)).isTrue();
    assertThat(peer(0).<Boolean>call(lock::isHeldByCurrentThread)).isFalse();
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
    assertThat(peer(0).<Boolean>call(() -> lock.tryLock())).isFalse();
    peer(0)
        .run(() ->
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class));
    lock.unlock();
    assertThat(lock.isLocked()).isFalse();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void whoWaitsGetsItFromWhoHadIt() throws Exception {
    Lock lock = way().lock();
    lock.lock();
    Peer.Reply<Boolean> waiter = peer(0).begin(lock::lock);
    assertThat(waiter.isWaiting()).isTrue();
    lock.unlock();
    waiter.get();
    assertThat(lock.tryLock()).isFalse();
    peer(0).run(lock::unlock);
    assertThat(lock.tryLock(LONG.toMillis(), MILLISECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void limitOfTimeEndsAWait() throws Exception {
    Lock lock = way().lock();
    peer(0).run(lock::lock);
    assertThat(lock.tryLock(20, MILLISECONDS)).isFalse();
    assertThat(lock.tryLock(0, MILLISECONDS)).isFalse();
    assertThat(lock.tryLock(-1, MILLISECONDS)).isFalse();
    peer(0).run(lock::unlock);
    assertThat(lock.tryLock(20, MILLISECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void interruptEndsAWait() throws Exception {
    Lock lock = way().lock();
    peer(0).run(lock::lock);
    var waiter =
        new FutureTask<>(() -> {
          assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
          return true;
        });
    Thread thread = Thread.ofPlatform().start(waiter);
    thread.interrupt();
    assertThat(waiter.get(LONG.toMillis(), MILLISECONDS)).isTrue();
    peer(0).run(lock::unlock);
  }

  @Test
  void keepsProcessesApart() throws Exception {
    Lock lock = way().lock();
    Value<Integer> count = way().value(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> countUnder(lock, count))).toList();
    countUnder(lock, count);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(count.get()).isEqualTo(50 * (Way.PEERS + 1));
  }

  private static void countUnder(Lock lock, Value<Integer> count) {
    for (int i = 0; i < 50; i++) {
      lock.lock();
      try {
        count.set(count.get() + 1);
      } finally {
        lock.unlock();
      }
    }
  }
}
