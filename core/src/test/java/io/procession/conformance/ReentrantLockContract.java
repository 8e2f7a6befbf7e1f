package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/// A reentrant lock is given up as often as it was taken, by the thread that took it.
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
abstract class ReentrantLockContract extends Contract {
  @Test
  void isFreeWhenItWasGivenUpAsOftenAsTaken() throws Exception {
    Lock lock = way().reentrantLock();
    lock.lock();
    lock.lock();
    assertThat(lock.tryLock()).isTrue();
    lock.unlock();
    lock.unlock();
    assertThat(peer(0).<Boolean>call(() -> lock.tryLock())).isFalse();
    lock.unlock();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    peer(0)
        .run(() -> {
          assertThat(lock.tryLock()).isTrue();
          lock.lock();
        });
    assertThat(lock.tryLock()).isFalse();
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    peer(0).run(lock::unlock);
    assertThat(lock.tryLock(20, MILLISECONDS)).isFalse();
    peer(0).run(lock::unlock);
    assertThat(lock.tryLock(LONG.toMillis(), MILLISECONDS)).isTrue();
    lock.unlock();
  }
}
