package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.manager.ManagedStruct;
import java.io.Serializable;
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
    Cell<Fields> struct = way().struct(new Fields(3, 2.5, 1L << 33));
    peer(0).run(() -> struct.set(struct.get().doubled()));
    assertThat(struct.get()).isEqualTo(new Fields(6, 5.0, 1L << 34));
    peer(1).run(() -> struct.update(Fields::doubled));
    assertThat(struct.get()).isEqualTo(new Fields(12, 10.0, 1L << 35));
  }

  @Test
  void onlyNumbersThatItHasAreAddedTo() throws Exception {
    Cell<Fields> struct = way().struct(new Fields(3, 2.5, 1));
    assertThat(getAndAdd(struct, "x", 4)).isEqualTo(3);
    assertThatThrownBy(() -> getAndAdd(struct, "isSeen", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field must be a number: field=isSeen, type=boolean");
    assertThatThrownBy(() -> getAndAdd(struct, "w", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such field: field=w, ");
    assertThat(struct.get()).isEqualTo(new Fields(7, 2.5, 1));
  }

  private static Object getAndAdd(Cell<Fields> struct, String field, int more) {
    return switch (struct) {
      case Cell.Struct<?> shared -> shared.it().getAndAdd(field, more);
      case Cell.Managed<?> managed -> ((ManagedStruct<?>) managed.it()).getAndAdd(field, more);
      default -> throw new AssertionError(struct);
    };
  }
}
