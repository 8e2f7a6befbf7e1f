package io.procession.internal.arena;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.stress.words.TwoProcesses;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/// Two processes claim a cell each.
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "each has its own, named and zero")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "both have the same")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "a new cell is not zero, or has another's name")
@State
public class CellClaim {
  private int first;
  private int second;

  @Actor
  public void first(ZZZ_Result result) {
    first = TwoProcesses.FIRST.directory().allocate(CellKind.EVENT, "first");
    result.r2 = isZeroed(first);
  }

  @Actor
  public void second(ZZZ_Result result) {
    second = TwoProcesses.SECOND.directory().allocate(CellKind.BARRIER, "second");
    result.r3 = isZeroed(second);
  }

  private static boolean isZeroed(int cell) {
    long body = Directory.body(cell);
    boolean zero = true;
    for (long at = body; at < body + CellLayout.BODY_BYTES; at += Long.BYTES) {
      zero &= Words.getLong(TwoProcesses.FIRST.memory(), at) == 0;
      Words.setLong(TwoProcesses.FIRST.memory(), at, cell + 1);
    }
    return zero;
  }

  @Arbiter
  public void compare(ZZZ_Result result) {
    Directory directory = TwoProcesses.FIRST.directory();
    result.r1 = first != second;
    result.r2 &= directory.name(first).equals("first");
    result.r3 &= directory.name(second).equals("second");
    directory.free(directory.ref(first));
    TwoProcesses.SECOND.directory().free(directory.ref(second));
  }
}
