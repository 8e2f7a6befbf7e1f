package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CellTest {
  @Test
  void medianIsTheMiddleOne() {
    assertThat(Cell.median(List.of(9.0, 1.0, 2.0))).isEqualTo(new Cell.Measured(2));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Cell.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(new Cell.Measured(3));
  }
}
