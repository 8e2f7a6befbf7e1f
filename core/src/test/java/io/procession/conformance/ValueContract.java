package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Value;
import java.util.List;
import java.util.concurrent.CompletionException;
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
    Value<T> value = way().value(first);
    assertThat(value.get()).isEqualTo(first);
    peer(0).run(() -> value.set(second));
    assertThat(value.get()).isEqualTo(second);
    assertThat(peer(1).<T>call(value::get)).isEqualTo(second);
  }

  @Test
  void changesInOneStep() throws Exception {
    Value<Integer> value = way().value(0);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> count(value))).toList();
    count(value);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(value.get()).isEqualTo(100 * (Way.PEERS + 1));
  }

  private static void count(Value<Integer> value) {
    for (int i = 0; i < 100; i++) {
      value.update(x -> x + 1);
    }
  }

  @Test
  void isSetIfItIsAsExpected() throws Exception {
    Value<Long> value = way().value(5L);
    assertThat(value.compareAndSet(4L, 6L)).isFalse();
    assertThat(value.get()).isEqualTo(5);
    assertThat(peer(0).<Boolean>call(() -> value.compareAndSet(5L, 6L))).isTrue();
    assertThat(value.get()).isEqualTo(6);
    assertThat(value.update(x -> x * 7)).isEqualTo(42);
  }

  @Test
  void changeThatFailsLeavesItAsItWas() throws Exception {
    Value<Integer> value = way().value(1);
    assertThatThrownBy(() -> value.update(x -> Math.addExact(x, Integer.MAX_VALUE)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() ->
            value.update(x -> {
              throw new java.io.IOException("x=" + x);
            }))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(java.io.IOException.class)
        .hasMessage("x=1");
    assertThat(value.get()).isEqualTo(1);
    assertThat(peer(0).<Integer>call(() -> value.update(x -> x + 1)))
        .isEqualTo(2); // nobody is locked out
  }
}
