package io.procession.model;

import java.util.ArrayList;
import java.util.List;

/// The decisions of one run after the other, depth first: each run repeats a prefix of the last one's
/// and takes the next alternative at its end.
final class Choices {
  private final List<Integer> taken = new ArrayList<>();
  private final List<Integer> offered = new ArrayList<>();
  private int at;

  /// Decides between so many alternatives: the first, unless this run is to do otherwise here.
  int next(int alternatives) {
    if (at == taken.size()) {
      taken.add(0);
      offered.add(alternatives);
    } else if (offered.get(at) != alternatives) {
      throw new AssertionError(
          "a run must repeat its prefix: decision="
              + at
              + ", alternatives="
              + alternatives
              + ", before="
              + offered.get(at));
    }
    return taken.get(at++);
  }

  /// Goes to the next run.
  ///
  /// @return false if there is none
  boolean advance() {
    at = 0;
    while (!taken.isEmpty()) {
      int last = taken.size() - 1;
      if (taken.get(last) + 1 < offered.get(last)) {
        taken.set(last, taken.get(last) + 1);
        return true;
      }
      taken.removeLast();
      offered.removeLast();
    }
    return false;
  }

  /// The decisions of this run, for a message.
  @Override
  public String toString() {
    return taken.subList(0, Math.min(at, taken.size())).toString();
  }
}
