package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The words of a lock: who may take it by which reference, and when somebody is called.
class LockWordTest {
  private final Session session = Session.current();
  private final Directory directory = session.directory();
  private CellRef ref = directory.ref(directory.allocate(CellKind.LOCK, "tested"));
  private LockWord lock = LockWord.create(session, ref);

  @AfterEach
  void free() {
    directory.free(ref);
  }

  @Test
  void aReferenceToWhatWasDestroyedTakesNothingOfTheNextTenant() {
    LockWord stale = lock;
    assertThat(directory.free(ref)).isTrue();
    int reused = directory.allocate(CellKind.LOCK, "next");
    assertThat(reused).as("the same cell").isEqualTo(ref.cell());
    ref = directory.ref(reused);
    lock = LockWord.create(session, ref);

    assertThat(stale.tryAcquire()).isFalse();
    assertThat(lock.owner()).isZero();
    assertThat(lock.tryAcquire()).isTrue();
    lock.release();
  }

  @Test
  void aReferenceToWhatWasDestroyedIsToldSo() {
    directory.free(ref);

    assertThat(lock.tryAcquire()).isFalse();
    assertThat(lock.acquireUninterruptibly()).isEqualTo(LockWord.GONE);
  }

  @Test
  void whoWaitsIsAnnouncedUntilItIsCalled() throws Exception {
    assertThat(lock.tryAcquire()).isTrue();
    assertThat(lock.isContended()).isFalse();
    FutureTask<Integer> waiter = started(() -> lock.acquireUninterruptibly());
    await().atMost(Deadlines.MEDIUM).until(lock::isContended);

    lock.release();
    assertThat(result(waiter)).isEqualTo(LockWord.ACQUIRED);
  }

  @Test
  void whoHasSleptCallsOnAfterItself() throws Exception {
    assertThat(lock.tryAcquire()).isTrue();
    FutureTask<Boolean> waiter =
        started(() -> {
          lock.acquireUninterruptibly();
          boolean announced = lock.isContended();
          lock.release();
          return announced;
        });
    await().atMost(Deadlines.MEDIUM).until(lock::isContended);
    lock.release();

    assertThat(result(waiter)).as("more may sleep: its release must call").isTrue();
    assertThat(lock.isContended()).isFalse();
  }

  @Test
  void whoGivesUpLeavesTheLockAnnouncedForTheOthers() throws Exception {
    assertThat(lock.tryAcquire()).isTrue();
    FutureTask<Integer> waiter =
        started(() -> lock.acquire(Waiting.deadline(TimeUnit.MILLISECONDS.toNanos(1))));

    assertThat(result(waiter)).isEqualTo(LockWord.TIMED_OUT);
    assertThat(lock.isContended()).isTrue();
    lock.release();
    assertThat(lock.isContended()).isFalse();
  }

  @Test
  void whoOnlyAsksAnnouncesNothing() throws Exception {
    assertThat(lock.tryAcquire()).isTrue();

    assertThat(result(started(() -> lock.acquireIfPossible()))).isEqualTo(LockWord.TIMED_OUT);
    assertThat(lock.isContended()).isFalse();
    lock.release();
  }

  private static <T> FutureTask<T> started(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread.ofPlatform().start(task);
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws Exception {
    return task.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }
}
