package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import org.junit.jupiter.api.Test;

/// A struct is a record that is one for all processes.
abstract class StructContract extends Contract {
  private record Fields(int x, double y, long z) implements Serializable {
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
}
