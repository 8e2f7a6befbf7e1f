package io.procession.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.stress.words.TwoProcesses;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two processes want the last permit.
@JCStressTest
@Outcome(
    id = {"1, 0, 0", "0, 1, 0"},
    expect = ACCEPTABLE,
    desc = "one takes it -> the other finds none")
@Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "both took it")
@Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "nobody took it")
@Outcome(id = ".*, [^0]", expect = FORBIDDEN, desc = "the count is wrong")
@State
public class SemaphoreLastPermit {
  private final CellRef cell = TwoProcesses.cell(CellKind.SEMAPHORE);
  private final SharedSemaphore first;
  private final SharedSemaphore second;

  /// Makes a semaphore with one permit.
  public SemaphoreLastPermit() {
    new SemaphoreWord(TwoProcesses.FIRST, cell, false).permits().setUp(1, Integer.MAX_VALUE);
    first = SharedSemaphore.attach(TwoProcesses.FIRST, cell);
    second = SharedSemaphore.attach(TwoProcesses.SECOND, cell);
  }

  @Actor
  public void first(III_Result result) {
    result.r1 = first.tryAcquire() ? 1 : 0;
  }

  @Actor
  public void second(III_Result result) {
    result.r2 = second.tryAcquire() ? 1 : 0;
  }

  @Arbiter
  public void count(III_Result result) {
    result.r3 = first.availablePermits();
    TwoProcesses.free(cell);
  }
}
