package io.procession.benchmarks.micro;

import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
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

/// Elements of a shared array without a lock, beside those of a bare memory segment: one alone, ten
/// thousand in a loop that writes or increments each, and the sum of ten thousand.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@NullUnmarked
public class SharedArrayBenchmark {
  private static final int LENGTH = 10_000;

  private Arena arena;
  private MemorySegment segment;
  private SharedArray<Integer> array;
  private SharedArray<Integer> locked;
  private int index;

  @Setup
  public void create() {
    arena = Arena.ofShared();
    segment = arena.allocate(ValueLayout.JAVA_INT, LENGTH);
    array = SharedArray.raw(ElementType.INT, LENGTH);
    locked = SharedArray.create(ElementType.INT, LENGTH);
    index = 500;
  }

  @TearDown
  public void close() {
    arena.close();
    array.close();
    locked.close();
  }

  @Benchmark
  public int getOfSegment() {
    return segment.getAtIndex(ValueLayout.JAVA_INT, index);
  }

  @Benchmark
  public int getOfArray() {
    return array.getInt(index);
  }

  @Benchmark
  public int getOfLockedArray() {
    return locked.getInt(index);
  }

  @Benchmark
  public void setOfSegment() {
    segment.setAtIndex(ValueLayout.JAVA_INT, index, index);
  }

  @Benchmark
  public void setOfArray() {
    array.setInt(index, index);
  }

  @Benchmark
  public int sumOfSegment() {
    int sum = 0;
    for (int i = 0; i < LENGTH; i++) {
      sum += segment.getAtIndex(ValueLayout.JAVA_INT, i);
    }
    return sum;
  }

  @Benchmark
  public int sumOfArray() {
    int sum = 0;
    for (int i = 0; i < LENGTH; i++) {
      sum += array.getInt(i);
    }
    return sum;
  }

  @Benchmark
  public void fillOfSegment() {
    for (int i = 0; i < LENGTH; i++) {
      segment.setAtIndex(ValueLayout.JAVA_INT, i, index);
    }
  }

  @Benchmark
  public void fillOfArray() {
    for (int i = 0; i < LENGTH; i++) {
      array.setInt(i, index);
    }
  }

  @Benchmark
  public void incrementOfSegment() {
    for (int i = 0; i < LENGTH; i++) {
      int element = segment.getAtIndex(ValueLayout.JAVA_INT, i);
      segment.setAtIndex(ValueLayout.JAVA_INT, i, element + 1);
    }
  }

  @Benchmark
  public void incrementOfArray() {
    for (int i = 0; i < LENGTH; i++) {
      array.setInt(i, array.getInt(i) + 1);
    }
  }
}
