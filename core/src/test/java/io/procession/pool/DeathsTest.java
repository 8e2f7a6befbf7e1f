package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How many deaths a task may cost.
class DeathsTest {
  private final Deaths deaths = new Deaths();

  private static Death death(DeathCause cause) {
    return new Death(new DeathCertificate(1, "w", 1, null, cause, "died", "", ""), null);
  }

  private static Terms terms(int retries, int quarantine) {
    return new Terms(null, Terms.NEVER, Terms.NEVER, false, retries, quarantine, true);
  }

  @Test
  void deathThatIsFreeTakesNoRetry() {
    Terms once = terms(1, Integer.MAX_VALUE);
    Death memory = death(DeathCause.MEMORY_LIMIT);

    assertThat(deaths.add(memory, 0, once, true)).isNull();
    assertThat(deaths.add(death(DeathCause.HALT), 0, once, false)).isNull();
    assertThat(deaths.attempt()).isEqualTo(3);
    Deaths.Verdict verdict = requireNonNull(deaths.add(death(DeathCause.HALT), 0, once, false));
    assertThat(verdict.all()).hasSize(3);
    assertThat(verdict.toException().getSuppressed()).hasSize(2);
  }

  @Test
  void failureInALivingWorkerCountsAsAnAttemptOnly() {
    deaths.addFailure(4);
    assertThat(deaths.attempt()).isEqualTo(2);
    Terms none = terms(0, Integer.MAX_VALUE);
    assertThat(deaths.add(death(DeathCause.HALT), 4, none, false)).isNotNull();
    assertThat(deaths.attempt()).isEqualTo(3);
  }

  @Test
  void nextElementBeginsAnew() {
    Terms given = terms(5, 2);
    assertThat(deaths.add(death(DeathCause.HALT), 1, given, false)).isNull();
    assertThat(deaths.add(death(DeathCause.HALT), 2, given, false)).isNull();
    assertThat(deaths.attempt()).isEqualTo(2);
    Deaths.Verdict verdict = requireNonNull(deaths.add(death(DeathCause.HALT), 2, given, false));
    assertThat(verdict.toException()).hasCauseInstanceOf(QuarantinedException.class);
  }

  @Test
  void firstAndLastOfManyAreKept() {
    int most = 1000;
    Terms given = terms(Integer.MAX_VALUE, most);
    for (int i = 1; i < most; i++) {
      assertThat(deaths.add(death("worker-" + i), 0, given, false)).isNull();
    }
    assertThat(deaths.attempt()).isEqualTo(most);
    Deaths.Verdict verdict = requireNonNull(deaths.add(death("worker-last"), 0, given, false));
    assertThat(verdict.all())
        .hasSize(2 * Deaths.MOST_TOLD)
        .extracting(DeathCertificate::name)
        .startsWith("worker-1", "worker-2")
        .endsWith("worker-999", "worker-last");
    assertThat(verdict.toException()).hasMessageContaining("deaths=1000");
  }

  private static Death death(String worker) {
    DeathCause cause = DeathCause.HALT;
    return new Death(new DeathCertificate(1, worker, 1, null, cause, "died", "", ""), null);
  }

  @ParameterizedTest
  @EnumSource(names = {"OUT_OF_HEAP", "OUT_OF_MEMORY", "MEMORY_LIMIT"})
  void wantOfMemoryIsToldByTheCause(DeathCause cause) {
    assertThat(death(cause).isOutOfMemory()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"HALT", "SIGNAL", "KILLED_BY_PARENT", "NATIVE_CRASH"})
  void otherCausesAreNone(DeathCause cause) {
    assertThat(death(cause).isOutOfMemory()).isFalse();
  }
}
