package io.procession.stress.soak;

/// What must hold, said so that a breach can be read.
final class Rules {
  private Rules() {}

  /// Fails unless the rule holds.
  ///
  /// @param values names and values in turn
  static void require(boolean holds, String rule, Object... values) {
    if (holds) {
      return;
    }
    var text = new StringBuilder(rule);
    for (int i = 0; i < values.length; i += 2) {
      text.append(i == 0 ? ": " : ", ").append(values[i]).append('=').append(values[i + 1]);
    }
    throw new AssertionError(text.toString());
  }

  /// Fails unless what was changed in shared memory lies between what was completed and what was
  /// begun: nobody's change is lost, and the dead left one each at most.
  static void requireAllCounted(
      String what, long value, Roster roster, int processes, int station) {
    long done = roster.sum(processes, station, Roster.DONE);
    long begun = roster.sum(processes, station, Roster.BEGUN);
    require(
        done <= value && value <= begun,
        "no change is lost or made twice at " + what,
        "done",
        done,
        "value",
        value,
        "begun",
        begun);
  }
}
