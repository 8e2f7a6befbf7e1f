package io.procession.internal.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.stress.words.Rings;
import io.procession.stress.words.Sleeper;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// One process writes two messages while another reads what is there.
@JCStressTest
@Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "look, look -> publish both")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "look -> publish -> read the first")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "publish -> read the first, look -> publish")
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "publish -> read both")
@Outcome(id = ".*-1.*", expect = FORBIDDEN, desc = "a message is torn")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "out of order, lost or come twice")
@State
public class RingPublication {
  private final Sleeper reads = new Sleeper();
  private final Sleeper writes = new Sleeper();
  private final MessageRing writer = Rings.make();
  private final MessageRing reader = Rings.attach(writer);

  @Actor
  public void write() {
    writes.begin();
    Rings.put(writer, 1);
    Rings.put(writer, 2);
    reads.leaveAlone();
  }

  @Actor
  public void read(III_Result result) {
    reads.begin();
    result.r1 = Rings.poll(reader);
    result.r2 = Rings.poll(reader);
    writes.leaveAlone();
  }

  @Arbiter
  public void count(III_Result result) {
    reads.begin();
    result.r3 = Rings.rest(reader);
    writer.destroy();
  }
}
