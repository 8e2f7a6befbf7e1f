package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bytes made here, read in a JVM that has not seen the classes yet.
@Timeout(60)
class OtherJvmIT {

  record Point(int x, double y, String name) implements Serializable {}

  @Test
  void valuesAndLambdasAreReadInAFreshJvm() {
    var point = new Point(1, 2.5, "p");
    var list = new ArrayList<>(List.of(1, 2, 3));
    SerializableCallable<Object> lambda =
        () -> List.of(point, list, Map.of("k", Set.of(7L)), Thread.State.NEW);
    byte[] bytes = Copies.bytes(lambda);
    byte[] failure = Copies.bytes(new IllegalStateException("by the JDK", new IOException("disk")));
    Body body =
        () -> {
          SerializableCallable<Object> copy = Copies.read(bytes);
          System.out.println(copy.call());
          System.out.println(Copies.<Throwable>read(failure).getCause());
        };
    try (ChildJvm child = ChildJvm.body(body).start()) {
      child.succeed();
      assertThat(child.out())
          .isEqualTo(
              "[Point[x=1, y=2.5, name=p], [1, 2, 3], {k=[7]}, NEW]\njava.io.IOException: disk\n");
    }
  }

  @Test
  void aFilterGivenToTheJvmHoldsForTheFastWaysToo() {
    byte[] record = Copies.bytes(new Point(1, 2, "p"));
    byte[] other = Copies.bytes(List.of(1, 2));
    byte[] failure = Copies.bytes(new IllegalStateException("x"));
    Body body =
        () -> {
          System.out.println("" + Copies.read(other));
          for (byte[] refused : List.of(record, failure)) {
            try {
              System.out.println("read " + Copies.read(refused));
            } catch (InvalidClassException e) {
              System.out.println("refused");
            }
          }
        };
    String filter = "-Djdk.serialFilter=!" + Point.class.getName() + ";!java.lang.Illegal*";
    try (ChildJvm child = ChildJvm.body(body).flags(filter).start()) {
      child.succeed();
      assertThat(child.out()).isEqualTo("[1, 2]\nrefused\nrefused\n");
    }
  }
}
