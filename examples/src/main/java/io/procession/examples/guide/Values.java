package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Values and arrays that processes share.
public final class Values {
  private Values() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Values::valueAndArray);
    Part.of("codes", Values::typeCodes);
    Part.of("counted", Values::counted);
    Part.of("locked", Values::locked);
    Part.of("given", Values::givenLock);
    Part.of("atomic", Values::atomic);
    Part.of("views", Values::views);
    Part.of("text", Values::text);
    Part.of("large", Values::large);
  }

  private static void valueAndArray() throws InterruptedException {
    // [first]
    var number = Procession.value(0.0);
    var numbers = SharedArray.of(0, 1, 2, 3, 4);
    var child =
        Procession.start(() -> {
          number.set(3.1415927);
          for (int i = 0; i < numbers.length(); i++) {
            numbers.setInt(i, -numbers.getInt(i));
          }
        });
    child.join();
    System.out.println(number.get());
    System.out.println(Arrays.toString(numbers.toArray(int[].class)));
    // [end]
    number.destroy();
    numbers.destroy();
  }

  private static void counted() {
    // [counted]
    var counter = Procession.value(0);
    try (var pool = Procession.pool(2)) {
      pool.map(i -> counter.update(old -> old + 1), IntStream.range(0, 1000).boxed().toList());
    }
    System.out.println(counter.get());
    // [end]
    counter.destroy();
  }

  private static void locked() {
    // [locked]
    var numbers = SharedArray.of(10, 20, 30);
    try (var pool = Procession.pool(2)) {
      pool.map(
          i -> {
            numbers.withLock(() -> {
              int first = numbers.getInt(0);
              numbers.setInt(0, numbers.getInt(2));
              numbers.setInt(2, first);
            });
            return i;
          },
          List.of(1, 2, 3));
    }
    System.out.println(Arrays.toString(numbers.toArray(int[].class)));
    // [end]
    numbers.destroy();
  }

  private static void atomic() {
    // [atomic]
    var hits = Procession.rawArray(ElementType.LONG, 3);
    var highest = Procession.rawValue(0);
    try (var pool = Procession.pool(2)) {
      pool.map(
          i -> {
            hits.getAndAdd(i % 3, 1L);
            int seen = highest.get();
            while (i > seen && !highest.compareAndSet(seen, i)) {
              seen = highest.get();
            }
            return i;
          },
          IntStream.range(0, 100).boxed().toList());
    }
    System.out.println(Arrays.toString(hits.toArray(long[].class)) + ", highest " + highest.get());
    // [end]
    hits.destroy();
    highest.destroy();
  }

  private static void givenLock() {
    // [given]
    var lock = Procession.reentrantLock();
    var from = SharedValue.of(ElementType.INT, 100, lock);
    var to = SharedValue.of(ElementType.INT, 0, lock);
    var history = Procession.rawArray(ElementType.INT, 10).synchronizedOn(lock);
    from.withLock(() -> { // one lock for the three
      from.set(from.get() - 30);
      to.set(to.get() + 30);
      history.setInt(0, 30);
    });
    System.out.println(from.get() + " " + to.get() + " " + history.getInt(0));
    // [end]
    history.close();
    to.close();
    from.close();
    lock.close();
  }

  private static void typeCodes() {
    // [codes]
    try (var doubles = SharedArray.ofCode('d', 2);
        var unsigned = SharedValue.ofCode('H')) {
      System.out.println(doubles.type() + " " + unsigned.type());
    }
    // [end]
  }

  private static void text() {
    // [text]
    try (var name = Procession.array(ElementType.CHAR, 16)) {
      name.setText("hello world");
      System.out.println(name.text() + ", " + name.length());
    }
    // [end]
  }

  private static void views() {
    // [views]
    try (var pixels = Procession.rawArray(ElementType.INT, 1_000_000)) {
      pixels.fill(7);
      pixels.copyFrom(10, new int[] {1, 2, 3}, 0, 3);
      var middle = pixels.slice(10, 3);
      middle.intBuffer().put(0, 100);
      System.out.println(middle.ints().sum());
      System.out.println(pixels.asReadOnly().segment().byteSize());
    }
    // [end]
  }

  private static void large() {
    // [large]
    try (var sparse = Procession.rawArray(ElementType.LONG, 1L << 32)) {
      sparse.setLong((1L << 32) - 1, 42);
      System.out.println(sparse.getLong((1L << 32) - 1) + " in " + sparse);
    }
    // [end]
  }
}
