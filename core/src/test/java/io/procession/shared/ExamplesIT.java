package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import java.io.Serializable;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The examples in the documentation of this package's classes do what they say. Who changes one
/// changes the other.
@Tag("platforms")
class ExamplesIT {
  record Account(long balance, int bookings) implements Serializable {}

  record Point(double x, double y) {}

  @Test
  void sharedMemory() throws Exception {
    try (var memory = SharedMemory.create(1 << 20);
        var process =
            JvmProcess.of(() -> {
              memory.segment().set(ValueLayout.JAVA_INT, 0, 42);
            })) {
      process.start();
      process.join();
      assertThat(memory.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
      memory.unlink();
    }
  }

  @Test
  void sharedValue() throws Exception {
    var counter = SharedValue.of(0);
    try (var pool = Procession.pool(2)) {
      pool.map(x -> counter.update(n -> n + x), List.of(1, 2, 3));
    }
    assertThat(counter.get()).isEqualTo(6);
    counter.destroy();
  }

  @Test
  void sharedArray() throws Exception {
    var squares = SharedArray.raw(ElementType.LONG, 1000);
    try (var pool = Procession.pool(2)) {
      pool.map(i -> squares.getAndAdd(i, (long) i * i), IntStream.range(0, 1000).boxed().toList());
    }
    assertThat(squares.longs().sum()).isEqualTo(332833500);
    squares.destroy();
  }

  @Test
  void sharedStruct() throws Exception {
    var account = SharedStruct.of(new Account(0, 0));
    try (var pool = Procession.pool(2)) {
      pool.map(
          x -> account.update(a -> new Account(a.balance() + x, a.bookings() + 1)),
          List.of(10, 20, 30));
    }
    assertThat(account.get()).hasToString("Account[balance=60, bookings=3]");
    account.destroy();
  }

  @Test
  void sharedStructArray() {
    try (var points = SharedStructArray.raw(Point.class, 1_000_000)) {
      points.set(7, new Point(1, 2));
      points.element(7).set("y", 3.0);
      assertThat(points.get(7)).hasToString("Point[x=1.0, y=3.0]");
    }
  }

  @Test
  void shareableList() {
    try (var list = ShareableList.of("Thomas", 42, 2.5, true, null)) {
      list.set(1, 43);
      assertThat(list).hasToString("[Thomas, 43, 2.5, true, null]");
      assertThat(list).isEqualTo(Arrays.asList("Thomas", 43L, 2.5, true, null));
    }
  }
}
