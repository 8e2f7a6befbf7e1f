package io.procession.benchmarks.micro;

import io.procession.sync.SharedLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Acquire and release of a lock that nobody else wants, beside that of a lock between threads.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@NullUnmarked
@SuppressWarnings("LockNotBeforeTry") // nothing between the two could throw
public class LockBenchmark {
  private final ReentrantLock threads = new ReentrantLock();
  private SharedLock shared;

  @Setup
  public void create() {
    shared = SharedLock.create();
  }

  @TearDown
  public void close() {
    shared.close();
  }

  @Benchmark
  public void shared() {
    shared.lock();
    shared.unlock();
  }

  @Benchmark
  public void betweenThreads() {
    threads.lock();
    threads.unlock();
  }
}
