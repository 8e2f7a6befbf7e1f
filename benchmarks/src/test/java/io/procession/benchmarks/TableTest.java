package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableTest {
  /// Every row has its figures, its ratio and whether the goal was reached; reasons stand below.
  @Test
  void rowsCarryFiguresRatioAndGoal() {
    assertThat(Table.of(ResultsFixture.mixed()))
        .isEqualTo(
            """
            name   unit   Procession  cpython-3.13  cpython-3.13-fork  agrona  ratio  goal
            speed  msg/s       5.00M          250k                      20.0M   20.0  10 reached
            delay  us           12.5          25.0               1.25  failed   2.00  4 missed
            size   MB         failed          10.3
            failed: delay, agrona: no "memory"
            failed: size, procession: exit code 1: java.io.EOFException
            """);
  }

  /// Without a CPython there is no column for it, and the goal stands alone.
  @Test
  void withoutPythonTheGoalStandsAlone() {
    assertThat(Table.of(ResultsFixture.withoutPython()))
        .isEqualTo(
            """
            name   unit   Procession  ratio  goal
            speed  msg/s       5.00M         10
            """);
  }
}
