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
import org.openjdk.jcstress.infra.results.II_Result;

/// A message is published while the only reader of a pool's ring goes to sleep for it: both say a full fence,
/// and no barrier of all processors.
@JCStressTest
@Outcome(
    id = "1, 0",
    expect = ACCEPTABLE,
    desc = "publish -> read; or mark -> publish -> call -> read")
@Outcome(
    id = "1, [1-9].*",
    expect = FORBIDDEN,
    desc = "neither saw the other: asleep, and not called")
@Outcome(id = ".*", expect = FORBIDDEN, desc = "the message is torn or lost")
@State
public class OneReaderHandOver {
  private final Sleeper reads = new Sleeper();
  private final Sleeper writes = new Sleeper();
  private final MessageRing writer = Rings.make().forOneReader();
  private final MessageRing reader = Rings.attach(writer).forOneReader();

  @Actor
  public void write() {
    writes.begin();
    reads.letGoToSleep();
    Rings.put(writer, 1);
    reads.leaveAlone();
  }

  @Actor
  public void read(II_Result result) {
    reads.begin();
    result.r1 = Rings.take(reader);
    writes.leaveAlone();
  }

  @Arbiter
  public void count(II_Result result) {
    result.r2 = reads.forgotten() + writes.forgotten();
    writer.destroy();
  }
}
