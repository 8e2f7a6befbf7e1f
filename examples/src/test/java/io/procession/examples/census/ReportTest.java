package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void hasATableTheMostCalledAndTheLargest() {
    Tally tally =
        new Tally(
            Map.of(
                "java.sql", new ModuleTally(1, 2, 3, 0),
                "java.base", new ModuleTally(1000, 2000, 3_000_000, 4)),
            Map.of("A.a(I)V", 1234L),
            new SizedMethod("p/L.l()V", 99));

    assertThat(String.join("\n", Report.of(tally)))
        .isEqualTo(
            """
            module      classes   methods  instructions  findings
            java.base     1,000     2,000     3,000,000         4
            java.sql          1         2             3         0
            total         1,001     2,002     3,000,003         4

            most called methods
                   1,234  A.a(int)

            largest method
                      99  instructions in p.L.l()\
            """);
  }

  @Test
  void canDoWithoutCode() {
    assertThat(Report.of(Tally.NOTHING)).hasSize(4).doesNotContain("largest method");
  }

  @Test
  void writesSecondsTheSameEverywhere() {
    assertThat(Report.seconds(Duration.ofMillis(12_345))).isEqualTo("12.3 s");
  }
}
