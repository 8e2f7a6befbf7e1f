package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Struct;
import java.io.Serializable;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// A struct is a record that is one for all processes.
abstract class StructContract extends Contract {
  private record Fields(int x, double y, long z, boolean isSeen) implements Serializable {
    Fields(int x, double y, long z) {
      this(x, y, z, false);
    }

    Fields doubled() {
      return new Fields(2 * x, 2 * y, 2 * z);
    }
  }

  @Test
  void isOneForAllProcesses() throws Exception {
    Struct<Fields> struct = way().struct(new Fields(3, 2.5, 1L << 33));
    peer(0).run(() -> struct.set(struct.get().doubled()));
    assertThat(struct.get()).isEqualTo(new Fields(6, 5.0, 1L << 34));
    peer(1).run(() -> struct.update(Fields::doubled));
    assertThat(struct.get()).isEqualTo(new Fields(12, 10.0, 1L << 35));
  }

  @Test
  void onlyNumbersThatItHasAreAddedTo() throws Exception {
    Struct<Fields> struct = way().struct(new Fields(3, 2.5, 1));
    assertThat(struct.getAndAdd("x", 4)).isEqualTo(3);
    assertThatThrownBy(() -> struct.getAndAdd("isSeen", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field must be a number: field=isSeen, type=boolean");
    assertThatThrownBy(() -> struct.getAndAdd("w", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such field: field=w, ");
    assertThat(struct.get()).isEqualTo(new Fields(7, 2.5, 1));
  }

  @Test
  void fieldsChangeOneByOne() throws Exception {
    Struct<Fields> struct = way().struct(new Fields(3, 2.5, 7));
    assertThat(struct.get("y")).isEqualTo(2.5);
    peer(0).run(() -> struct.set("x", 4));
    assertThat(peer(1).<Object>call(() -> struct.getAndAdd("z", -2L))).isEqualTo(7L);
    assertThat(struct.compareAndSet("x", 3, 5)).isFalse();
    assertThat(struct.compareAndSet("x", 4, 5)).isTrue();
    assertThat(struct.get()).isEqualTo(new Fields(5, 2.5, 5));
    for (ThrowingCallable wrong :
        List.<ThrowingCallable>of(
            () -> struct.get("w"),
            () -> struct.set("x", 4L),
            () -> struct.getAndAdd("x", 4.0),
            () -> struct.compareAndSet("w", 1, 2))) {
      assertThatThrownBy(wrong).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void wholeIsSetIfItIsAsExpected() throws Exception {
    Struct<Fields> struct = way().struct(new Fields(1, 2, 3));
    Fields next = new Fields(4, 5, 6);
    assertThat(struct.compareAndSet(next, next.doubled())).isFalse();
    assertThat(peer(0).<Boolean>call(() -> struct.compareAndSet(new Fields(1, 2, 3), next)))
        .isTrue();
    assertThat(struct.get()).isEqualTo(next);
  }
}
