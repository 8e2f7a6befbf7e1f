package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A value is one for all processes, and changes in one step.
abstract class ValueContract extends Contract {
  @Test
  void isOneForAllProcesses() throws Exception {
    is(4343, 24234);
    is(3.625, -4.25);
    is((short) -232, (short) 234);
    is(1L << 33, 1L << 34);
    is('x', 'y');
    is(true, false);
    is(1.5f, -0.5f);
    is((byte) 7, (byte) -7);
  }

  private <T extends java.io.Serializable> void is(T first, T second) throws Exception {
    Cell<T> value = way().value(first);
    assertThat(value.get()).isEqualTo(first);
    peer(0).run(() -> value.set(second));
    assertThat(value.get()).isEqualTo(second);
    assertThat(peer(1).<T>call(value::get)).isEqualTo(second);
  }

  @Test
  void changesInOneStep() throws Exception {
    Cell<Integer> value = way().value(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> count(value))).toList();
    count(value);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(value.get()).isEqualTo(100 * (Way.PEERS + 1));
  }

  private static void count(Cell<Integer> value) {
    for (int i = 0; i < 100; i++) {
      value.update(x -> x + 1);
    }
  }
}
