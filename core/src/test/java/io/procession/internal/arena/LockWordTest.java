package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void whoFindsItsObjectGoneReleasesNothingOfTheNextTenant() {
    LockWord stale = lock;
    assertThat(stale.tryAcquire()).isTrue();
    assertThat(directory.free(ref)).isTrue();
    ref = directory.ref(directory.allocate(CellKind.LOCK, "next"));
    lock = LockWord.create(session, ref);

    stale.releaseUnlessReused();
    assertThat(lock.tryAcquire()).isTrue();
    lock.release();
  }

  @Test
  void aReferenceToWhatWasDestroyedIsToldSo() {
    directory.free(ref);

    assertThat(lock.tryAcquire()).isFalse();
    assertThat(lock.acquireUninterruptibly()).isEqualTo(LockWord.GONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, Integer.MAX_VALUE, 1L << 31, (1L << 31) + 5, 1L << 32, Long.MAX_VALUE})
  void belongsToTheThreadOfOneNumberHoweverLong(long thread) {
    assertThat(lock.tryAcquire(thread)).isTrue();
    assertThat(lock.isHeldBy(thread)).isTrue();
    assertThat(lock.wasLeftBy(thread)).isTrue();
    assertThat(lock.ownerThread()).isEqualTo(thread);
    for (long other :
        new long[] {thread ^ 1, thread ^ 1L << 31, thread ^ 1L << 32, thread ^ 1L << 62}) {
      assertThat(lock.isHeldBy(other)).as("held by %d", other).isFalse();
      assertThat(lock.wasLeftBy(other)).as("left by %d", other).isFalse();
    }
    lock.release();

    assertThat(lock.isHeldBy(thread)).isFalse();
    assertThat(lock.tryAcquire(5)).as("behind a longer number").isTrue();
    assertThat(lock.isHeldBy(5)).isTrue();
    assertThat(lock.ownerThread()).isEqualTo(5);
    lock.release();
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
        new FutureTask<>(() -> {
          lock.acquireUninterruptibly();
          boolean announced = lock.isContended();
          lock.release();
          return announced;
        });
    Thread thread = Thread.ofPlatform().start(waiter);
    await().atMost(Deadlines.LONG).until(() -> sleeps(thread)); // it is announced before it does
    lock.release();

    assertThat(result(waiter)).as("more may sleep: its release must call").isTrue();
    assertThat(lock.isContended()).isFalse();
  }

  @Test
  void whoGivesUpLeavesTheLockAnnouncedForTheOthers() throws Exception {
    assertThat(lock.tryAcquire()).isTrue();
    for (int i = 0; i < 100 && !lock.isContended(); i++) { // one that is held up gives up awake
      FutureTask<Integer> waiter =
          started(() -> lock.acquire(Until.after(TimeUnit.MILLISECONDS.toNanos(1))));
      assertThat(result(waiter)).isEqualTo(LockWord.TIMED_OUT);
    }
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

  private static boolean sleeps(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame ->
            frame.getClassName().equals(LockWord.class.getName())
                && frame.getMethodName().equals("sleep"));
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
