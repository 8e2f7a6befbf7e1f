package io.procession.stress.soak;

import java.util.List;

/// What a soak is asked for.
///
/// @param seconds how long the processes work before they are told to stop
/// @param processes how many work at a time
/// @param seed where random choices begin; the moments of kills and switches are the machine's
/// @param kills at least so many are killed, however long that takes
record SoakOptions(int seconds, int processes, long seed, int kills) {
  static final int MOST_PROCESSES = 64;

  SoakOptions {
    if (seconds < 1 || processes < 1 || processes > MOST_PROCESSES || kills < 0) {
      throw new IllegalArgumentException(
          "a soak lasts a second at least, with 1 to "
              + MOST_PROCESSES
              + " processes: seconds="
              + seconds
              + ", processes="
              + processes
              + ", kills="
              + kills);
    }
  }

  /// The same as words on a command line.
  List<String> toArguments() {
    return List.of(
        Integer.toString(seconds),
        Integer.toString(processes),
        Long.toString(seed),
        Integer.toString(kills));
  }

  static SoakOptions of(String... arguments) {
    return new SoakOptions(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Long.parseLong(arguments[2]),
        Integer.parseInt(arguments[3]));
  }
}
