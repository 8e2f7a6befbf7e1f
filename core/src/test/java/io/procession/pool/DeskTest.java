package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How many tasks a worker is given at a time.
class DeskTest {
  private final Desk desk = new Desk(new SilentWorker());

  private int aheadAfter(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      desk.noteTask(nanos);
    }
    return desk.ahead();
  }

  @Test
  void oneWhoseTasksAreShortHasMoreOfThem() {
    assertThat(desk.ahead()).isEqualTo(2);
    assertThat(aheadAfter(1, 0)).isEqualTo(2);
    assertThat(aheadAfter(1, 50_000)).isEqualTo(4);
    assertThat(aheadAfter(1, 40_000)).isEqualTo(4);
    assertThat(aheadAfter(30, 5_000)).isBetween(38, 40);
  }

  @Test
  void longTaskIsBelievedAtOnceAndForgottenByAndBy() {
    assertThat(aheadAfter(1, 1_000)).isEqualTo(64);
    assertThat(aheadAfter(1, 10_000_000)).isEqualTo(2);
    assertThat(aheadAfter(5, 1_000)).isEqualTo(2);
    assertThat(aheadAfter(30, 1_000)).isEqualTo(64);
  }
}
