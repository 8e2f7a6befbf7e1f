package io.procession.benchmarks.micro;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A byte message put on a ring and taken off it again by one thread: both sides, nobody waits.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@NullUnmarked
public class RingBenchmark {
  private static final long MEMORY = 64 << 20;

  @Param({"16", "256", "4096"})
  private int size;

  private MessageRing ring;
  private byte[] message;

  @Setup
  public void create() {
    var limits = new RingLimits(RingLimits.UNBOUNDED, MEMORY, RingLimits.AtLimit.THROW);
    ring = MessageRing.create(Session.current(), CellKind.QUEUE, "benchmark", limits, false);
    message = new byte[size];
  }

  @TearDown
  public void destroy() {
    ring.destroy();
  }

  @Benchmark
  public byte @Nullable [] putTake() throws InterruptedException {
    MessageRing.Outcome _ = ring.put(message, 0, size, Until.FOREVER);
    return ring.take(Until.FOREVER);
  }
}
