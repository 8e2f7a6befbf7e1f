package io.procession.benchmarks.micro;

import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.util.concurrent.Semaphore;
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

/// Acquire and release of a lock or semaphore that nobody else wants, beside those between threads.
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
  private final Semaphore threadsSemaphore = new Semaphore(1);
  private SharedLock shared;
  private SharedReentrantLock reentrant;
  private SharedSemaphore semaphore;
  private BoundedSharedSemaphore bounded;

  @Setup
  public void create() {
    shared = SharedLock.create();
    reentrant = SharedReentrantLock.create();
    semaphore = SharedSemaphore.create(1);
    bounded = BoundedSharedSemaphore.create(1);
  }

  @TearDown
  public void close() {
    shared.close();
    reentrant.close();
    semaphore.close();
    bounded.close();
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

  @Benchmark
  public void reentrant() {
    reentrant.lock();
    reentrant.unlock();
  }

  @Benchmark
  public void semaphore() throws InterruptedException {
    semaphore.acquire();
    semaphore.release();
  }

  @Benchmark
  public void boundedSemaphore() throws InterruptedException {
    bounded.acquire();
    bounded.release();
  }

  @Benchmark
  public void semaphoreBetweenThreads() throws InterruptedException {
    threadsSemaphore.acquire();
    threadsSemaphore.release();
  }
}
