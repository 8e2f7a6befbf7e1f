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
import org.openjdk.jcstress.infra.results.III_Result;

/// One process waits until there is something, another puts it there and signals.
@JCStressTest
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "put -> find it, without a wait")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "enter -> put and signal -> take the grant")
@Outcome(id = ".*, [1-9].*", expect = FORBIDDEN, desc = "asleep, and not called")
@Outcome(id = "[^01].*", expect = FORBIDDEN, desc = "a wait ended without a signal")
@State
public class ConditionHandOver {
  private final CellRef lockCell = TwoProcesses.cell(CellKind.LOCK);
  private final CellRef cell = TwoProcesses.cell(CellKind.CONDITION);
  private final Sleeper waits = new Sleeper();
  private final Sleeper puts = new Sleeper();
  private final SharedCondition first;
  private final SharedCondition second;
  private int things;

  /// Makes a condition of a plain lock.
  public ConditionHandOver() {
    LockWord _ = LockWord.create(TwoProcesses.FIRST, lockCell);
    new ConditionWord(TwoProcesses.FIRST, cell.cell()).setLock(lockCell, SharedLock.KIND);
    first = SharedCondition.attach(TwoProcesses.FIRST, cell);
    second = SharedCondition.attach(TwoProcesses.SECOND, cell);
  }

  @Actor
  public void put() {
    puts.begin();
    waits.letBegin();
    first.lock().lock();
    try {
      things++;
      first.signal();
    } finally {
      first.lock().unlock();
    }
    waits.leaveAlone();
  }

  @Actor
  public void take(III_Result result) {
    waits.begin();
    second.lock().lock();
    try {
      while (things == 0) {
        second.awaitUninterruptibly();
        result.r1++;
      }
      result.r2 = things;
    } finally {
      second.lock().unlock();
    }
    puts.leaveAlone();
  }

  @Arbiter
  public void count(III_Result result) {
    result.r3 = waits.forgotten() + puts.forgotten();
    TwoProcesses.free(cell);
    TwoProcesses.free(lockCell);
  }
}
