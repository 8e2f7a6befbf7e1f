package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.sync.CountingSemaphore;
import org.junit.jupiter.api.Test;

/// Anybody takes and gives permits; a bounded semaphore has never more of them than at first.
abstract class SemaphoreContract extends Contract {
  @Test
  void permitsAreTakenAndBrought() throws Exception {
    CountingSemaphore semaphore = way().semaphore(2);
    takeAndBringTwo(semaphore);
    semaphore.release();
    peer(0).run(semaphore::release); // who never had one
    assertThat(semaphore.availablePermits()).isEqualTo(4);
  }

  @Test
  void boundedOneHasNoMoreThanAtFirst() throws Exception {
    CountingSemaphore semaphore = way().boundedSemaphore(2);
    takeAndBringTwo(semaphore);
    assertThatThrownBy(semaphore::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a semaphore has no more than its greatest number of permits: ")
        .hasMessageContaining("most=2, released=1; release only what was acquired");
    assertThat(semaphore.availablePermits()).isEqualTo(2);
  }

  @Test
  void numbersOfPermitsAreNotNegative() {
    String refusal = "permits must not be negative: permits=-1; use 0 or more";
    assertThatThrownBy(() -> way().semaphore(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refusal);
    assertThatThrownBy(() -> way().boundedSemaphore(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(refusal);
    CountingSemaphore semaphore = way().semaphore(2);
    assertThatThrownBy(() -> semaphore.acquire(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(refusal);
    assertThatThrownBy(() -> semaphore.release(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(refusal);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
  }

  private void takeAndBringTwo(CountingSemaphore semaphore) throws Exception {
    assertThat(semaphore.availablePermits()).isEqualTo(2);
    semaphore.acquire();
    assertThat(semaphore.availablePermits()).isEqualTo(1);
    peer(0).run(semaphore::acquire);
    assertThat(semaphore.availablePermits()).isZero();
    assertThat(semaphore.tryAcquire()).isFalse();
    semaphore.release();
    assertThat(semaphore.availablePermits()).isEqualTo(1);
    peer(0).run(semaphore::release);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
  }

  @Test
  void limitOfTimeEndsAWait() throws Exception {
    CountingSemaphore semaphore = way().semaphore(0);
    assertThat(semaphore.tryAcquire(20, MILLISECONDS)).isFalse();
    assertThat(semaphore.tryAcquire(0, MILLISECONDS)).isFalse();
    assertThat(semaphore.tryAcquire(-1, MILLISECONDS)).isFalse();
    assertThat(semaphore.availablePermits()).isZero();
  }

  @Test
  void whoWaitsGetsThePermitThatComes() throws Exception {
    CountingSemaphore semaphore = way().semaphore(0);
    Peer.Reply<Boolean> first = peer(0).begin(semaphore::acquire);
    Peer.Reply<Boolean> second = peer(1).begin(semaphore::acquire);
    assertThat(first.isWaiting() && second.isWaiting()).isTrue();
    semaphore.release();
    semaphore.release();
    first.get();
    second.get();
    assertThat(semaphore.availablePermits()).isZero();
  }

  @Test
  void manyPermitsAreTakenAtOnceOrNone() throws Exception {
    CountingSemaphore semaphore = way().semaphore(3);
    assertThat(semaphore.tryAcquire(4)).isFalse();
    assertThat(semaphore.tryAcquire(4, 20, MILLISECONDS)).isFalse();
    assertThat(semaphore.availablePermits()).isEqualTo(3);
    assertThat(semaphore.tryAcquire(2)).isTrue();
    Peer.Reply<Boolean> two = peer(0).begin(() -> semaphore.acquire(2));
    assertThat(two.isWaiting()).isTrue();
    assertThat(semaphore.availablePermits()).isEqualTo(1);
    semaphore.release(2);
    two.get();
    assertThat(semaphore.tryAcquire(1, LONG.toMillis(), MILLISECONDS)).isTrue();
    semaphore.release(5);
    assertThat(peer(1).<Integer>call(semaphore::drainPermits)).isEqualTo(5);
    assertThat(semaphore.drainPermits()).isZero();
    assertThatThrownBy(() -> semaphore.tryAcquire(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
