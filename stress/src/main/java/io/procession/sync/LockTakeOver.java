package io.procession.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.stress.words.Sleeper;
import io.procession.stress.words.TwoProcesses;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/// Two processes ask for a lock whose owner is dead.
@JCStressTest
@Outcome(
    id = {"1, 0, 1, 0", "0, 1, 1, 0"},
    expect = ACCEPTABLE,
    desc = "one takes over from the dead -> release -> the other finds it free")
@Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "one death is told to both")
@Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "the death is told to nobody")
@Outcome(id = ".*, [^1], 0", expect = FORBIDDEN, desc = "the death is not counted once")
@Outcome(id = ".*, [1-9]", expect = FORBIDDEN, desc = "a sleeper was not called by the release")
@State
public class LockTakeOver {
  private final CellRef cell = TwoProcesses.cell(CellKind.LOCK);
  private final Sleeper firstSleeper = new Sleeper();
  private final Sleeper secondSleeper = new Sleeper();
  private final LockWord first;
  private final LockWord second;

  /// Makes a lock that the dead one has.
  public LockTakeOver() {
    first = LockWord.create(TwoProcesses.FIRST, cell);
    second = LockWord.attach(TwoProcesses.SECOND, cell);
    if (!LockWord.attach(TwoProcesses.DEAD, cell).tryAcquire()) {
      throw new AssertionError("a new lock is free");
    }
  }

  @Actor
  public void first(IIII_Result result) {
    firstSleeper.begin();
    result.r1 = take(first);
    secondSleeper.leaveAlone();
  }

  @Actor
  public void second(IIII_Result result) {
    secondSleeper.begin();
    result.r2 = take(second);
    firstSleeper.leaveAlone();
  }

  /// 1 if the lock was the dead one's.
  private static int take(LockWord lock) {
    int from = lock.acquireUninterruptibly();
    lock.release();
    return from == TwoProcesses.DEAD.self() ? 1 : from == LockWord.ACQUIRED ? 0 : -1;
  }

  @Arbiter
  public void count(IIII_Result result) {
    result.r3 = first.deaths();
    result.r4 = firstSleeper.forgotten() + secondSleeper.forgotten();
    TwoProcesses.free(cell);
  }
}
