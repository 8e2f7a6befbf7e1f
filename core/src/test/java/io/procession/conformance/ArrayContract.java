package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An array has as many elements as at first, which are one for all processes.
abstract class ArrayContract extends Contract {
  @Test
  void isOneForAllProcesses() throws Exception {
    List<Integer> array = way().array(List.of(680, 626, 934, 821, 150));
    assertThat(array.size()).isEqualTo(5);
    assertThat(array.get(3)).isEqualTo(821);
    array.set(4, 1);
    peer(0)
        .run(() -> {
          for (int i = 1; i < array.size(); i++) {
            array.set(i, array.get(i) + array.get(i - 1));
          }
        });
    assertThat(List.copyOf(array)).containsExactly(680, 1306, 2240, 3061, 3062);
    assertThatThrownBy(() -> array.get(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> array.set(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isZeroThoughItsMemoryWasUsedBefore() {
    for (int round = 0; round < 3; round++) {
      List<Integer> array = way().array(Collections.nCopies(10, 0));
      assertThat(List.copyOf(array)).isEqualTo(Collections.nCopies(10, 0));
      for (int i = 0; i < 10; i++) {
        array.set(i, i + 1);
      }
      assertThat(List.copyOf(array)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      way().clean();
    }
  }
}
