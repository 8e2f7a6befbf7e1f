package io.procession.examples.census;

import java.util.ArrayList;
import java.util.List;

/// Whether the passes of the workers found what a single process found.
///
/// @param passes the passes of worker processes, the one that counts last
/// @param reference the same count in a single process
record Verdict(List<Pass> passes, Pass reference) {
  private static final int MOST_DIFFERENCES = 10;

  /// What is wrong, one line each; empty if nothing is.
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (Pass pass : passes) {
      if (pass.classesLost() > 0) {
        complaints.add(pass.name() + ": lost " + pass.classesLost() + " classes");
      }
      if (pass.batchesRepeated() > 0) {
        complaints.add(
            pass.name() + ": " + pass.batchesRepeated() + " batches came back more than once");
      }
      List<String> differences = pass.tally().differencesFrom(reference.tally());
      differences.stream()
          .limit(MOST_DIFFERENCES)
          .forEach(difference -> complaints.add(pass.name() + ": " + difference));
      if (differences.size() > MOST_DIFFERENCES) {
        int more = differences.size() - MOST_DIFFERENCES;
        complaints.add(pass.name() + ": and " + more + " more differences");
      }
    }
    return complaints;
  }

  /// The last line of the census.
  String summary() {
    int lost = passes.stream().mapToInt(Pass::classesLost).sum();
    boolean identical = passes.stream().allMatch(pass -> pass.tally().equals(reference.tally()));
    return "census: "
        + passes.getLast().tally().total().classes()
        + " classes, "
        + lost
        + " lost, "
        + (identical ? "identical to" : "DIFFERENT from")
        + " the single-process count";
  }
}
