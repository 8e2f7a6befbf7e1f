package io.procession.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The arithmetic of looks and sleeps, alone and with two that wait for each other.
class SpinBudgetTest {
  private static final long MOST = 20_000;
  private static final long TRIED = 5 * MOST;
  private static final long SHORT_SLEEP = 8 * MOST;

  private final SpinBudget budget = new SpinBudget(MOST, TRIED, SHORT_SLEEP);

  private static void missOften(SpinBudget budget) {
    for (int i = 0; i < 10; i++) {
      budget.missed(budget.nanos());
    }
  }

  @Test
  void looksInVainCostLessAndLess() {
    assertThat(budget.nanos()).isEqualTo(MOST);
    missOften(budget);
    assertThat(budget.nanos()).isEqualTo(MOST / 64);
  }

  @Test
  void looksThatPayAreLonger() {
    missOften(budget);
    for (int i = 0; i < 10; i++) {
      budget.seen(budget.nanos(), 100);
    }
    assertThat(budget.nanos()).isEqualTo(MOST);
  }

  @Test
  void aLongLookIsTriedAfterShortSleepsAndMoreSeldomWhereInVain() {
    missOften(budget);
    assertThat(sleepsUntilTry(budget)).isEqualTo(8);
    budget.missed(budget.nanos());
    assertThat(budget.nanos()).isEqualTo(MOST / 64);
    assertThat(sleepsUntilTry(budget)).isEqualTo(16);
    for (int i = 0; i < 20; i++) {
      budget.missed(TRIED);
    }
    assertThat(sleepsUntilTry(budget)).isEqualTo(1024);
  }

  private static int sleepsUntilTry(SpinBudget budget) {
    int sleeps = 0;
    while (budget.nanos() != TRIED) {
      budget.slept(SHORT_SLEEP - 1);
      sleeps++;
    }
    return sleeps;
  }

  @Test
  void longSleepsAreNoReasonToTry() {
    missOften(budget);
    for (int i = 0; i < 10_000; i++) {
      budget.slept(SHORT_SLEEP);
    }
    assertThat(budget.nanos()).isEqualTo(MOST / 64);
  }

  @Test
  void answersThatStayLateAreGivenUp() {
    sleepsUntilTry(budget);
    for (int i = 0; i < 32; i++) {
      budget.seen(TRIED, MOST + 1);
      assertThat(budget.nanos()).isEqualTo(TRIED);
    }
    budget.seen(TRIED, MOST + 1);
    assertThat(budget.nanos()).isEqualTo(MOST / 64);
  }

  @Test
  void sleepsThatAreSuddenlyQuickerBringALookBack() {
    missOften(budget);
    for (int i = 0; i < 7; i++) {
      budget.slept(50_000);
    }
    budget.missed(TRIED); // tries come seldom
    for (int i = 0; i < 3; i++) {
      budget.slept(30_000);
    }
    assertThat(budget.nanos()).isEqualTo(MOST / 64);
    budget.slept(30_000);
    assertThat(budget.nanos()).isEqualTo(MOST);
  }

  /// To be woken takes 30 us, to answer 2: at first both sleep, and have tried in vain for long.
  @Test
  void twoThatSleepForEachOtherComeToStayAwake() {
    SpinBudget other = new SpinBudget(MOST, TRIED, SHORT_SLEEP);
    for (SpinBudget one : new SpinBudget[] {budget, other}) {
      for (int i = 0; i < 20; i++) {
        one.missed(TRIED);
      }
    }
    for (int i = 0; i < 500; i++) { // their tries do not meet
      other.slept(62_000);
    }
    boolean isAwake = false; // whether who is asked has not to be woken
    int quick = 0;
    int turns = 0;
    while (quick < 10 && turns < 5_000) {
      SpinBudget asks = turns % 2 == 0 ? budget : other;
      long answerAfter = isAwake ? 2_000 : 32_000;
      long looked = asks.nanos();
      boolean isSeen = answerAfter <= looked;
      if (isSeen) {
        asks.seen(looked, answerAfter);
      } else {
        asks.missed(looked);
        asks.slept(answerAfter + 30_000 - looked);
      }
      quick = isSeen && isAwake ? quick + 1 : 0;
      isAwake = isSeen;
      turns++;
    }
    assertThat(quick).as("after %s turns", turns).isEqualTo(10);
  }
}
