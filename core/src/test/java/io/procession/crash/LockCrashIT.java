package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/// A process that uses a lock is killed at each point where it leaves the lock's words in a state of
/// their own. The others go on, and the deaths of owners are counted.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("platforms")
class LockCrashIT {
  private static final int ROUNDS = 1_000;

  private final Base base = Base.now();
  private final Session session = Session.current();
  private final int cell = session.directory().allocate(CellKind.LOCK, "mortal");
  private final LockWord lock = new LockWord(session, Directory.body(cell));

  /// A death: where, at which visit, and how many owners' deaths the survivors come to count.
  record Death(FailPoint point, int visit, int ownerDeaths) {
    @Override
    public String toString() {
      return point + ":" + visit;
    }
  }

  /// While others compete for the lock.
  static final List<Death> DEATHS =
      List.of(
          new Death(FailPoint.LOCK_TAKEN, 1, 1),
          new Death(FailPoint.LOCK_TAKEN, 50, 1),
          new Death(FailPoint.LOCK_ANNOUNCED, 1, 0),
          new Death(FailPoint.LOCK_ANNOUNCED, 20, 0),
          new Death(FailPoint.LOCK_MARKED_BY_OWNER, 1, 1),
          new Death(FailPoint.LOCK_MARKED_BY_OWNER, 10, 1),
          new Death(FailPoint.LOCK_RELEASED, 1, 0),
          new Death(FailPoint.LOCK_RELEASED, 50, 0),
          new Death(FailPoint.LOCK_CALLED, 1, 0),
          new Death(FailPoint.LOCK_CALLED, 20, 0));

  /// Of one who takes the lock over from the dead. A death before the count leaves one uncounted.
  static final List<Death> SECOND_DEATHS =
      List.of(
          new Death(FailPoint.LOCK_TAKEN_FROM_DEAD, 1, 1),
          new Death(FailPoint.LOCK_DEATH_COUNTED, 1, 2));

  @AfterEach
  void nothingIsLeft() {
    session.directory().free(session.directory().ref(cell));
    base.awaitAgain();
  }

  @ParameterizedTest
  @FieldSource("DEATHS")
  void othersGoOnAfter(Death death) throws Exception {
    try (Company company = new Company(lock)) {
      Doomed.dieAt(death.point, death.visit, takesAgainAndAgain(cell));
      company.goOn();
    }
    assertThat(lock.deaths()).isEqualTo(death.ownerDeaths);
  }

  @ParameterizedTest
  @FieldSource("SECOND_DEATHS")
  void othersGoOnAfterASecond(Death death) throws Exception {
    Doomed.dieAt(FailPoint.LOCK_TAKEN, 1, takesAgainAndAgain(cell));
    Doomed.dieAt(death.point, death.visit, takesAgainAndAgain(cell));
    try (Company company = new Company(lock)) {
      company.goOn();
    }
    assertThat(lock.deaths()).isEqualTo(death.ownerDeaths);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCK_RELEASED", "LOCK_CALLED"})
  void aWakeUpThatTheDeadOwedIsMadeGood(FailPoint point) throws Exception {
    int number = cell;
    AtomicBoolean isDead = new AtomicBoolean();
    FutureTask<Integer> waiter =
        new FutureTask<>(() -> {
          await().atMost(Deadlines.LONG).until(() -> lock.owner() != 0);
          int result;
          do { // again where it took the lock before it was called
            result = lock.acquireUninterruptibly();
            lock.release();
          } while (!isDead.get());
          return result;
        });
    Thread thread = Thread.ofVirtual().start(waiter);
    Doomed.dieAt(point, 1, () -> releasesWhenContended(number));
    isDead.set(true);
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .isEqualTo(LockWord.ACQUIRED);
    thread.join();
  }

  private static SerializableRunnable takesAgainAndAgain(int cell) {
    return () -> {
      LockWord lock = new LockWord(Session.current(), Directory.body(cell));
      while (true) {
        lock.acquireUninterruptibly();
        lock.release();
      }
    };
  }

  private static void releasesWhenContended(int cell) {
    LockWord lock = new LockWord(Session.current(), Directory.body(cell));
    while (true) {
      lock.acquireUninterruptibly();
      await().atMost(Deadlines.LONG).until(lock::isContended);
      lock.release();
    }
  }

  /// Threads of this process, one of each kind, that compete for the lock.
  private static final class Company implements AutoCloseable {
    private final List<AtomicInteger> rounds = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ends;

    Company(LockWord lock) {
      for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
        AtomicInteger mine = new AtomicInteger();
        rounds.add(mine);
        threads.add(kind.start(() -> compete(lock, mine)));
      }
    }

    private void compete(LockWord lock, AtomicInteger mine) {
      while (!ends) {
        lock.acquireUninterruptibly();
        mine.incrementAndGet();
        lock.release();
      }
    }

    /// Waits until each has had the lock many more times.
    void goOn() {
      for (AtomicInteger each : rounds) {
        int before = each.get();
        await().atMost(Deadlines.LONG).until(() -> each.get() - before > ROUNDS);
      }
    }

    @Override
    public void close() {
      ends = true;
      await().atMost(Deadlines.LONG).until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
  }
}
