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

/// Two processes claim a row for a child each, and one of them frees its row again.
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "each child has a name of its own")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "both children have the same")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "a row is another's, or a dead child lives")
@State
public class RowClaim {
  private int first;
  private int second;

  @Actor
  public void first(ZZZ_Result result) {
    Participants participants = TwoProcesses.FIRST.participants();
    first = participants.enroll("first");
    result.r2 = participants.isAlive(first) && participants.name(first).equals("first");
    participants.declareDead(first);
    participants.free(first);
  }

  @Actor
  public void second(ZZZ_Result result) {
    Participants participants = TwoProcesses.SECOND.participants();
    second = participants.enroll("second");
    result.r3 = participants.isAlive(second) && participants.name(second).equals("second");
  }

  @Arbiter
  public void compare(ZZZ_Result result) {
    Participants participants = TwoProcesses.SECOND.participants();
    result.r1 = first != second;
    result.r2 &= !participants.isAlive(first);
    result.r3 &= participants.isAlive(second);
    participants.declareDead(second);
    participants.free(second);
  }
}
