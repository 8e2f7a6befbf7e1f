package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Tally FIVE = tally(5, Map.of("A.a()V", 2L));
  private static final Pass ALONE = pass("this process alone", FIVE, 0, 0);

  @Test
  void hasNoComplaintsWhenAllCountedTheSame() {
    Verdict verdict = new Verdict(List.of(pass("one worker", FIVE, 0, 0)), ALONE);

    assertThat(verdict.complaints()).isEmpty();
    assertThat(verdict.summary())
        .isEqualTo("census: 5 classes, 0 lost, identical to the single-process count");
  }

  @Test
  void complainsOfLostClasses() {
    Tally three = tally(3, Map.of("A.a()V", 2L));
    Verdict verdict = new Verdict(List.of(pass("2 workers", three, 2, 0)), ALONE);

    assertThat(verdict.complaints()).contains("2 workers: lost 2 classes");
    assertThat(verdict.summary())
        .isEqualTo("census: 3 classes, 2 lost, DIFFERENT from the single-process count");
  }

  @Test
  void complainsOfARepeatedBatchEvenIfTheCountsAreIdentical() {
    Verdict verdict = new Verdict(List.of(pass("2 workers", FIVE, 0, 1)), ALONE);

    assertThat(verdict.complaints())
        .containsExactly("2 workers: 1 batches came back more than once");
  }

  @Test
  void complainsOfAnyPassAndOfAnyPartOfTheTally() {
    Tally other = tally(5, Map.of("A.a()V", 3L));
    Verdict verdict =
        new Verdict(List.of(pass("one worker", other, 0, 0), pass("2 workers", FIVE, 0, 0)), ALONE);

    assertThat(verdict.complaints()).containsExactly("one worker: calls of A.a()V: 3 instead of 2");
    assertThat(verdict.summary()).contains("DIFFERENT");
  }

  @Test
  void namesTheFirstDifferencesOfMany() {
    Map<String, Long> calls = new HashMap<>();
    for (int i = 0; i < 25; i++) {
      calls.put("B.b" + i + "()V", 1L);
    }
    calls.put("A.a()V", 2L);
    Verdict verdict = new Verdict(List.of(pass("2 workers", tally(5, calls), 0, 0)), ALONE);

    assertThat(verdict.complaints()).hasSize(11).endsWith("2 workers: and 15 more differences");
  }

  private static Pass pass(String name, Tally tally, int lost, int repeated) {
    return new Pass(name, tally, lost, repeated, Duration.ofSeconds(1));
  }

  private static Tally tally(long classes, Map<String, Long> calls) {
    return new Tally(Map.of("m", new ModuleTally(classes, 0, 0, 0)), calls, null);
  }
}
