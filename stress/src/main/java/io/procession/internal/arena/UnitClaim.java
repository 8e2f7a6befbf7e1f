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

/// One process claims a run of two units and gives it back, another claims one: so runs cross.
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "each has its own, and zero")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "both have the same")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "a new unit is not zero, or another wrote to it")
@State
public class UnitClaim {
  private final CellRef firstCell = TwoProcesses.cell(CellKind.MEMORY);
  private final CellRef secondCell = TwoProcesses.cell(CellKind.MEMORY);
  private int first;
  private int second;

  @Actor
  public void first(ZZZ_Result result) {
    first = TwoProcesses.FIRST.units().allocate(firstCell.cell(), 2);
    boolean isZero = mark(first, firstCell);
    result.r2 = mark(first + 1, firstCell) && isZero;
  }

  @Actor
  public void second(ZZZ_Result result) {
    second = TwoProcesses.SECOND.units().allocate(secondCell.cell(), 1);
    result.r3 = mark(second, secondCell);
  }

  private static boolean mark(int unit, CellRef cell) {
    long at = Units.offset(unit);
    boolean zero = Words.getLong(TwoProcesses.FIRST.memory(), at) == 0;
    Words.setLong(TwoProcesses.FIRST.memory(), at, cell.cell() + 1L);
    return zero;
  }

  private static boolean isOf(int unit, CellRef cell) {
    return Words.getLong(TwoProcesses.FIRST.memory(), Units.offset(unit)) == cell.cell() + 1L;
  }

  @Arbiter
  public void compare(ZZZ_Result result) {
    result.r1 = second != first && second != first + 1;
    result.r2 &= isOf(first, firstCell) && isOf(first + 1, firstCell);
    result.r3 &= isOf(second, secondCell);
    TwoProcesses.free(firstCell);
    TwoProcesses.free(secondCell);
  }
}
