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

/// An event is set while another process looks whether it is, and then waits for it.
@JCStressTest
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "look -> set -> go on, or be called")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "set -> look -> go on")
@Outcome(id = ".*, 0, .*", expect = FORBIDDEN, desc = "what was done before the set is not seen")
@Outcome(id = ".*, [1-9].*", expect = FORBIDDEN, desc = "asleep, and not called")
@State
public class EventHandOver {
  private final CellRef cell = TwoProcesses.cell(CellKind.EVENT);
  private final Sleeper sleeper = new Sleeper();
  private final SharedEvent first = SharedEvent.attach(TwoProcesses.FIRST, cell);
  private final SharedEvent second = SharedEvent.attach(TwoProcesses.SECOND, cell);
  private int number;

  @Actor
  public void set() {
    sleeper.letBegin();
    number = 1;
    first.set();
    sleeper.leaveAlone();
  }

  @Actor
  public void await(III_Result result) {
    sleeper.begin();
    boolean early = second.isSet();
    result.r1 = early ? 1 : 0;
    if (!early) {
      second.awaitUninterruptibly();
    }
    result.r2 = number;
  }

  @Arbiter
  public void count(III_Result result) {
    result.r3 = sleeper.forgotten();
    TwoProcesses.free(cell);
  }
}
