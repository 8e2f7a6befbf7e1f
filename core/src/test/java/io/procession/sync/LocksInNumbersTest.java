package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many waiters, and many locks.
@SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LocksInNumbersTest {
  private static final int WAITERS = 10_000;
  private static final int LOCKS = 100_000;

  @Test
  void tenThousandVirtualThreadsThatWaitHoldNobodyUp() throws Exception {
    try (SharedLock wanted = SharedLock.create();
        SharedReentrantLock other = SharedReentrantLock.create()) {
      wanted.lock();
      AtomicInteger passed = new AtomicInteger();
      List<Thread> waiters = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        waiters.add(
            Thread.ofVirtual()
                .start(() -> {
                  pass(wanted);
                  passed.incrementAndGet();
                }));
      }
      await().atMost(Deadlines.LONG).until(() -> Session.current().waits().inUse() == WAITERS);
      for (Thread.Builder kind : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
        FutureTask<Void> bystander = new FutureTask<>(() -> pass(other), null);
        kind.start(bystander);
        bystander.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
      }
      assertThat(passed).hasValue(0);
      assertThat(Deadlock.findAll()).isEmpty();
      wanted.unlock();
      for (Thread waiter : waiters) {
        assertThat(waiter.join(Deadlines.LONG)).isTrue();
      }
      assertThat(passed).hasValue(WAITERS);
      assertThat(Session.current().waits().inUse()).isZero();
    }
  }

  @Test
  void locksThatAreClosedGiveTheirCellsBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < LOCKS; i++) {
      SharedLock.create("one of many").close();
      SharedReentrantLock.create("one of many").close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }

  private static void pass(Lock lock) {
    lock.lock();
    lock.unlock();
  }
}
