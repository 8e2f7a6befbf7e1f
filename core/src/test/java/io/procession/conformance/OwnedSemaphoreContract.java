package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.sync.OwnedSemaphore;
import org.junit.jupiter.api.Test;

/// Who releases has acquired, and what a process holds comes back when it ends.
abstract class OwnedSemaphoreContract extends Contract {
  private OwnedSemaphore semaphore(int permits) {
    OwnedSemaphore semaphore = way().context().ownedSemaphore(permits);
    return way().made(semaphore, semaphore::destroy);
  }

  @Test
  void permitsAreOfTheProcessThatAcquired() throws Exception {
    OwnedSemaphore semaphore = semaphore(3);
    semaphore.acquire();
    peer(0).run(() -> semaphore.acquire(2));
    assertThat(semaphore.availablePermits()).isZero();
    assertThat(semaphore.heldPermits()).isEqualTo(1);
    assertThat(peer(0).<Integer>call(semaphore::heldPermits)).isEqualTo(2);
    assertThat(semaphore.tryAcquire()).isFalse();
    assertThat(semaphore.tryAcquire(20, MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(IllegalMonitorStateException.class);
    peer(1)
        .run(() ->
            assertThatThrownBy(semaphore::release)
                .isInstanceOf(IllegalMonitorStateException.class));
    semaphore.release();
    peer(0).run(() -> semaphore.release(2));
    assertThat(semaphore.availablePermits()).isEqualTo(3);
  }

  @Test
  void whoWaitsGetsThePermitThatComes() throws Exception {
    OwnedSemaphore semaphore = semaphore(1);
    semaphore.acquire();
    Peer.Reply<Boolean> waiting = peer(0).begin(semaphore::acquire);
    assertThat(waiting.isWaiting()).isTrue();
    semaphore.release();
    waiting.get();
    assertThat(peer(0).<Integer>call(semaphore::heldPermits)).isEqualTo(1);
    peer(0).run(semaphore::release);
  }

  @Test
  void permitsOfAProcessThatEndedComeBack() throws Exception {
    OwnedSemaphore semaphore = semaphore(2);
    JvmProcess process = way().context().start("holder", () -> semaphore.acquire(2));
    assertThat(process.join(LONG)).isTrue();
    assertThat(semaphore.tryAcquire(2, LONG.toMillis(), MILLISECONDS)).isTrue();
    semaphore.release(2);
    assertThat(semaphore.availablePermits()).isEqualTo(2);
    process.close();
  }
}
