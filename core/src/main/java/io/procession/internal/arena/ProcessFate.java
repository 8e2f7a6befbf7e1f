package io.procession.internal.arena;

import io.procession.internal.posix.Signals;

/// How a process ended, as far as its parent could know.
///
/// @param kind in what way
/// @param code what it exited with, or the number of the signal; 0 if neither is known
public record ProcessFate(Kind kind, int code) {
  private static final int SIGNALLED = 128;

  /// In what way a process ended.
  public enum Kind {
    /// It is not there any more; its parent was gone before it, or has not said.
    GONE(1),
    EXITED(2),
    SIGNALLED(3),
    /// With 128 + N, which may have been signal N as well; the code is 128 + N.
    EXITED_OR_SIGNALLED(4);

    final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  /// The end of a process that nobody could ask its parent about.
  public static final ProcessFate UNKNOWN = new ProcessFate(Kind.GONE, 0);

  /// What the number of a kind and a code stand for.
  static ProcessFate of(int kind, int code) {
    for (Kind each : Kind.values()) {
      if (each.number == kind) {
        return new ProcessFate(each, code);
      }
    }
    return UNKNOWN;
  }

  /// For messages: `killed by SIGKILL`, `exited with code 3`.
  public String text() {
    return switch (kind) {
      case GONE -> "gone: how it ended is not known";
      case EXITED -> "exited with code " + code;
      case SIGNALLED -> "killed by " + Signals.name(code);
      case EXITED_OR_SIGNALLED ->
          "exited with code " + code + " or was killed by " + Signals.name(code - SIGNALLED);
    };
  }
}
