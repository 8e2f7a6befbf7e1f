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
import org.openjdk.jcstress.infra.results.IIII_Result;

/// Messages come one after the other while the only reader of a pool's ring sleeps before any of them: who wakes
/// it takes the mark away and does not set it again, so the reader sets it anew before each sleep.
@JCStressTest
@Outcome(id = "1, 2, 3, 0", expect = ACCEPTABLE, desc = "all are read, in their order")
@Outcome(
    id = "1, 2, 3, [1-9].*",
    expect = FORBIDDEN,
    desc = "neither saw the other: asleep, and not called")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "a message is torn, lost, or out of order")
@State
public class OneReaderStream {
  private final Sleeper reads = new Sleeper();
  private final Sleeper writes = new Sleeper();
  private final MessageRing writer = Rings.make().forOneReader();
  private final MessageRing reader = Rings.attach(writer).forOneReader();

  @Actor
  public void write() {
    writes.begin();
    for (int number = 1; number <= 3; number++) {
      reads.letGoToSleep();
      Rings.put(writer, number);
    }
    reads.leaveAlone();
  }

  @Actor
  public void read(IIII_Result result) {
    reads.begin();
    result.r1 = Rings.take(reader);
    result.r2 = Rings.take(reader);
    result.r3 = Rings.take(reader);
    writes.leaveAlone();
  }

  @Arbiter
  public void count(IIII_Result result) {
    result.r4 = reads.forgotten() + writes.forgotten();
    writer.destroy();
  }
}
