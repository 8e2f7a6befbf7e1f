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
import org.openjdk.jcstress.infra.results.II_Result;

/// A lock is released, by a plain store and a look at the mark of the sleepers, while another process
/// marks that it sleeps and looks at the lock.
@JCStressTest
@Outcome(
    id = "1, 0",
    expect = ACCEPTABLE,
    desc = "release -> take; or mark -> release -> call -> take")
@Outcome(
    id = "1, [1-9].*",
    expect = FORBIDDEN,
    desc = "neither saw the other: asleep, and not called")
@Outcome(id = "0, .*", expect = FORBIDDEN, desc = "what was done before the release is not seen")
@State
public class LockHandOver {
  private final CellRef cell = TwoProcesses.cell(CellKind.LOCK);
  private final Sleeper sleeper = new Sleeper();
  private final LockWord holder;
  private final LockWord waiter;
  private int number;

  /// Makes a lock that is held.
  public LockHandOver() {
    holder = LockWord.create(TwoProcesses.FIRST, cell);
    waiter = LockWord.attach(TwoProcesses.SECOND, cell);
    if (!holder.tryAcquire()) {
      throw new AssertionError("a new lock is free");
    }
  }

  @Actor
  public void release() {
    sleeper.letBegin();
    number = 1;
    holder.release();
    sleeper.leaveAlone();
  }

  @Actor
  public void take(II_Result result) {
    sleeper.begin();
    int _ = waiter.acquireUninterruptibly();
    result.r1 = number;
    waiter.release();
  }

  @Arbiter
  public void count(II_Result result) {
    result.r2 = sleeper.forgotten();
    TwoProcesses.free(cell);
  }
}
