package io.procession.internal.arena;

import org.jspecify.annotations.Nullable;

/// What is known of a process of the session that is dead.
///
/// @param pid its process id
/// @param name its name
/// @param ending how it ended
public record Obituary(long pid, String name, ProcessFate ending) {
  /// For messages: `pid 4711 (worker-3), killed by SIGKILL`.
  ///
  /// @param obituary null if nothing is known any more
  public static String text(@Nullable Obituary obituary) {
    return obituary == null
        ? "one of the session that is long gone"
        : "pid " + obituary.pid + " (" + obituary.name + "), " + obituary.ending.text();
  }
}
