package io.procession.internal.arena;

/// What is known of a process of the session that is dead.
///
/// @param pid its process id
/// @param name its name
/// @param ending how it ended
public record Obituary(long pid, String name, Ending ending) {
  /// For messages: `pid 4711 (worker-3), killed by SIGKILL`.
  public String text() {
    return "pid " + pid + " (" + name + "), " + ending.text();
  }
}
