package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedStructArray;
import java.io.Serializable;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Structs that processes share.
public final class Structs {
  private Structs() {}

  // [records]
  record Account(long balance, int bookings) implements Serializable {}

  record Point(double x, double y) {}

  record Circle(Point center, double radius) {}

  // [end]

  public static void main(String[] args) throws Exception {
    Part.of("struct", Structs::struct);
    Part.of("fields", Structs::fields);
    Part.of("array", Structs::array);
    Part.of("layout", Structs::layout);
  }

  private static void struct() {
    // [struct]
    var account = Procession.struct(new Account(0, 0));
    try (var pool = Procession.pool(2)) {
      pool.map(
          x -> account.update(a -> new Account(a.balance() + x, a.bookings() + 1)),
          List.of(10, 20, 30));
    }
    System.out.println(account.get());
    // [end]
    account.destroy();
  }

  private static void fields() {
    // [fields]
    try (var circle = SharedStruct.of(new Circle(new Point(1, 2), 3))) {
      circle.set("center.x", 5.0);
      circle.getAndAdd("radius", 0.5);
      System.out.println(circle.get());
      System.out.println(circle.layout());
    }
    // [end]
  }

  private static void array() {
    // [array]
    try (var points = SharedStructArray.raw(Point.class, 1_000_000)) {
      points.set(7, new Point(1, 2));
      points.element(7).set("y", 3.0);
      System.out.println(points.get(7) + " of " + points.length());
    }
    // [end]
  }

  private static void layout() {
    // [layout]
    var layout =
        MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("count"),
            MemoryLayout.paddingLayout(4),
            MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_LONG).withName("slots"));
    try (var table = SharedStruct.create(layout)) {
      table.set("count", 2);
      table.set("slots[3]", 99L);
      System.out.println(table.get("count") + " " + table.get("slots[3]"));
    }
    // [end]
  }
}
