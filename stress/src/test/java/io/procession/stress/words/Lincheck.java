package io.procession.stress.words;

import org.jetbrains.lincheck.datastructures.StressOptions;

/// Checks one class of operations: fails unless what threads do at once has the results of some order of
/// the same operations. `-Dprocession.test.lincheck=N` scenarios of random operations are run some
/// hundred times each.
///
/// Threads are real, not scheduled by Lincheck, which does not see memory outside of the heap: orders of
/// single steps are the crash model's.
public final class Lincheck {
  private static final int SCENARIOS = Integer.getInteger("procession.test.lincheck", 5);
  private static final int RUNS = 200;
  private static final int THREADS = 2;
  private static final int OPERATIONS = 4;

  private Lincheck() {}

  /// Checks.
  ///
  /// @param args the class that has the operations, and the one that has them for one thread
  public static void main(String[] args) throws ClassNotFoundException {
    new StressOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS)
        .threads(THREADS)
        .actorsPerThread(OPERATIONS)
        .minimizeFailedScenario(false) // takes minutes
        .sequentialSpecification(Class.forName(args[1]))
        .check(Class.forName(args[0]));
    System.out.println("in order");
    System.exit(0); // Lincheck's threads stay
  }
}
