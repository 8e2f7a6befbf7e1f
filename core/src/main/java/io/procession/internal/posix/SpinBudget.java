package io.procession.internal.posix;

/// Says how long to look for what is waited for before going to sleep: longer where that has paid of
/// late, hardly at all where it has not.
///
/// To fall asleep and be woken costs some microseconds on both sides; a wait that is not much longer
/// is better spent awake, unless it takes the processor from the one who is waited for. That shows
/// only when tried, so the budget follows success and failure.
///
/// ```
///           seen in time: doubled, up to MOST           eighth short sleep
///   LEAST <----------------------------------> MOST    ---------------------> TRY
///           in vain: halved                         seen in time: to MOST
///           four quick sleeps: to MOST              seen late: stays, LATE_ANSWERS times
///                                                   in vain, or late once more: to LEAST, and
///                                                   twice as many short sleeps to the next TRY
/// ```
///
/// Two that wait for each other in turn can get stuck in sleeping: each has to be woken before it
/// answers, so looking for its answer seems in vain, and the other finds the same. A try looks for
/// long enough to see an answer out that comes from sleep. Who has got one so goes on with long looks
/// for a while, and the other's sleeps are quicker than they were by one waking up: from which it
/// learns that a routine look would see the answer. Then both are awake. Where answers stay late, as on
/// processors that others want, it goes back to sleeping.
///
/// Races on it do no harm, so several threads may use one.
public final class SpinBudget {
  /// After so many short sleeps a long look is tried; after more where that has not helped.
  private static final int TRY_EVERY = 8;

  private static final int TRY_SELDOM = 1 << 10;

  /// So many late answers are looked for in a row, in which the other side finds out.
  private static final int LATE_ANSWERS = 4 * TRY_EVERY;

  /// So many sleeps in a row that are a quarter shorter than they were of late mean that the other side
  /// answers without having to be woken.
  private static final int QUICK_SLEEPS = 4;

  private static final int SLEEPS_OF_LATE = 16;

  private final long most;
  private final long least;
  private final long tried;
  private final long shortSleep;
  private long budget;
  private int shortSleeps;
  private int tryEvery = TRY_EVERY;
  private int lateAnswers;
  private long ofLate; // a mean of short sleeps
  private int quickSleeps;

  /// A budget; all times are in nanoseconds.
  ///
  /// @param most how long a look is at most that is part of the routine; 0 for none
  /// @param tried how long one is that is tried: long enough to see out the other side's waking up
  /// @param shortSleep a sleep that is not longer may have been one only because the other slept, too
  public SpinBudget(long most, long tried, long shortSleep) {
    this.most = most;
    this.least = most / 64;
    this.tried = tried;
    this.shortSleep = shortSleep;
    this.budget = most;
  }

  /// How long the next look may be.
  public long nanos() {
    return budget;
  }

  /// What is waited for was seen.
  ///
  /// @param looked what [#nanos] was
  /// @param took after how long
  public void seen(long looked, long took) {
    if (took <= most) {
      budget = Math.min(2 * looked, most);
      if (looked >= most) {
        tryEvery = TRY_EVERY;
      }
    } else if (lateAnswers > 0) {
      lateAnswers--;
    } else {
      giveUp();
    }
  }

  /// It was not seen.
  ///
  /// @param looked what [#nanos] was
  public void missed(long looked) {
    if (looked > most) {
      giveUp();
    } else {
      budget = Math.max(looked / 2, least);
    }
  }

  private void giveUp() {
    budget = least;
    tryEvery = Math.min(2 * tryEvery, TRY_SELDOM);
  }

  /// A sleep has ended, by what was waited for.
  public void slept(long nanos) {
    if (nanos >= shortSleep) {
      quickSleeps = 0;
      return;
    }
    long before = ofLate;
    quickSleeps = nanos < before - before / 4 ? quickSleeps + 1 : 0;
    ofLate = before == 0 ? nanos : before + (nanos - before) / SLEEPS_OF_LATE;
    if (++shortSleeps >= tryEvery) {
      shortSleeps = 0;
      budget = tried;
      lateAnswers = LATE_ANSWERS;
    } else if (quickSleeps >= QUICK_SLEEPS) {
      quickSleeps = 0;
      budget = Math.max(budget, most);
    }
  }
}
