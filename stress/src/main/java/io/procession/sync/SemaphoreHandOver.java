package io.procession.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.stress.words.Sleeper;
import io.procession.stress.words.TwoProcesses;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A permit is released while another process goes to sleep for it.
@JCStressTest
@Outcome(
    id = "1, 0, 0",
    expect = ACCEPTABLE,
    desc = "release -> take; or announce -> release -> call -> take")
@Outcome(
    id = "1, [1-9].*, .*",
    expect = FORBIDDEN,
    desc = "neither saw the other: asleep, and not called")
@Outcome(id = "0, .*", expect = FORBIDDEN, desc = "what was done before the release is not seen")
@Outcome(id = ".*, [^0]", expect = FORBIDDEN, desc = "the count is wrong")
@State
public class SemaphoreHandOver {
  private final CellRef cell = TwoProcesses.cell(CellKind.SEMAPHORE);
  private final Sleeper sleeper = new Sleeper();
  private final SharedSemaphore first;
  private final SharedSemaphore second;
  private int number;

  /// Makes a semaphore without permits.
  public SemaphoreHandOver() {
    new SemaphoreWord(TwoProcesses.FIRST, cell, false).permits().setUp(0, Integer.MAX_VALUE);
    first = SharedSemaphore.attach(TwoProcesses.FIRST, cell);
    second = SharedSemaphore.attach(TwoProcesses.SECOND, cell);
  }

  @Actor
  public void release() {
    sleeper.letBegin();
    number = 1;
    first.release();
    sleeper.leaveAlone();
  }

  @Actor
  public void take(III_Result result) {
    sleeper.begin();
    second.acquireUninterruptibly();
    result.r1 = number;
  }

  @Arbiter
  public void count(III_Result result) {
    result.r2 = sleeper.forgotten();
    result.r3 = second.availablePermits();
    TwoProcesses.free(cell);
  }
}
