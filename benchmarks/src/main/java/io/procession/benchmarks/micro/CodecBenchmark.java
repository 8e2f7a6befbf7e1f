package io.procession.benchmarks.micro;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.SerializableFunction;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Warmup;

/// An object to bytes and back, by the standard codec.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@NullUnmarked
public class CodecBenchmark {
  private static final int LIST_SIZE = 25_000;

  /// What is turned into bytes.
  public enum Value {
    INTEGER,
    STRING_256,
    RECORD,
    LIST_OF_25K_INTEGERS,
    LAMBDA
  }

  /// A record as users write them.
  record Point(String name, int x, double y) implements Serializable {}

  @Param private Value value;

  private final Codec codec = Codec.standard();
  private final ByteSink sink = new ByteSink();
  private Object object;

  @Setup
  public void create() {
    object =
        switch (value) {
          case INTEGER -> 1_234_567;
          case STRING_256 -> "x".repeat(256);
          case RECORD -> new Point("name", 7, 0.5);
          case LIST_OF_25K_INTEGERS -> IntStream.range(0, LIST_SIZE).boxed().toList();
          case LAMBDA -> addition(7);
        };
  }

  private static SerializableFunction<Integer, Integer> addition(int captured) {
    return x -> x + captured;
  }

  @Benchmark
  public @Nullable Object roundTrip() throws Exception {
    sink.reset();
    codec.encode(object, sink);
    return codec.decode(new ByteSource(sink.array(), 0, sink.length()));
  }
}
