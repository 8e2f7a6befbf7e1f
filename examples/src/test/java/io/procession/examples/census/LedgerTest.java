package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final List<Batch> BATCHES =
      List.of(new Batch(0, List.of("a", "b")), new Batch(1, List.of("c", "d", "e")));
  private static final Tally TWO = tally(2);
  private static final Tally THREE = tally(3);

  private final Ledger ledger = new Ledger(BATCHES);

  @Test
  void addsUpWhatCameBack() {
    ledger.enter(new BatchCount(1, 10, THREE));
    ledger.enter(new BatchCount(0, 11, TWO));

    assertThat(ledger.tally()).isEqualTo(tally(5));
    assertThat(ledger.returned()).isEqualTo(2);
    assertThat(ledger.classesLost()).isZero();
    assertThat(ledger.repeated()).isZero();
  }

  @Test
  void knowsWhatNeverCameBack() {
    ledger.enter(new BatchCount(0, 10, TWO));

    assertThat(ledger.returned()).isEqualTo(1);
    assertThat(ledger.classesLost()).isEqualTo(3);
  }

  @Test
  void countsARepeatedBatchOnceAndNotesIt() {
    ledger.enter(new BatchCount(0, 10, TWO));
    ledger.enter(new BatchCount(0, 11, TWO));

    assertThat(ledger.tally()).isEqualTo(TWO);
    assertThat(ledger.returned()).isEqualTo(1);
    assertThat(ledger.repeated()).isEqualTo(1);
  }

  private static Tally tally(long classes) {
    return new Tally(Map.of("m", new ModuleTally(classes, 0, 0, 0)), Map.of(), null);
  }
}
