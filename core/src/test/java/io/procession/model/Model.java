package io.procession.model;

/// Tries the orders of events of a scenario, one run each.
public final class Model {
  private Model() {}

  /// A scenario: adds its actors to a fresh run.
  ///
  /// Returns what is checked when all have ended.
  @FunctionalInterface
  public interface Scenario {
    Check prepare(Run run) throws Exception;
  }

  /// What must hold when all actors have ended or died, and the dead are buried.
  @FunctionalInterface
  public interface Check {
    void hold() throws Exception;
  }

  /// Tries all orders with at most so many preemptions (switches between actors of which the first
  /// could have gone on) and so many deaths.
  ///
  /// @return the number of runs
  public static int check(int preemptions, int deaths, Scenario scenario) throws Exception {
    Choices choices = new Choices();
    int runs = 0;
    do {
      Run run = new Run(choices, preemptions, deaths);
      Check check = scenario.prepare(run);
      run.play();
      try {
        check.hold();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("after the run " + choices + ": " + e.getMessage(), e);
      }
      runs++;
    } while (choices.advance());
    return runs;
  }
}
