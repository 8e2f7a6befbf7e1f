package io.procession.process;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// How a process ended, as far as its parent can know.
///
/// A JVM that is killed by signal N and one that exits with code 128 + N look alike from outside.
/// What the child has noted of itself tells most of them apart (`System.exit` runs a shutdown hook,
/// SIGKILL does not); where both remain possible, [#sentence] says so. `Runtime.halt` with such a
/// code leaves no trace and is taken for the signal.
///
/// @param pid its process id
/// @param name its name
/// @param exitCode 0 or what it exited with; -N if signal N ended it
/// @param signal the name of that signal, such as `SIGKILL`; null if none did
/// @param sentence all of it for people, with name and pid
public record DeathCertificate(
    long pid, String name, int exitCode, @Nullable String signal, String sentence)
    implements Serializable {

  /// True if the process ended by itself and with code 0.
  ///
  /// @return whether it did
  public boolean isSuccess() {
    return exitCode == 0;
  }
}
