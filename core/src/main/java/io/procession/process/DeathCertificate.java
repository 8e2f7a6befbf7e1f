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
/// A release may add components: read them by their accessors, not by patterns.
///
/// @param pid its process id
/// @param name its name
/// @param exitCode 0 or what it exited with; -N if signal N ended it
/// @param signal the name of that signal, such as `SIGKILL`; null if none did
/// @param cause why it ended
/// @param sentence all of it for people, in one line, with name and pid
/// @param crashReport what its JVM's crash report says of signal, place and thread, in a few lines; empty
///     if it did not crash. The report itself is deleted, unless `-XX:ErrorFile` said where it is to be
/// @param lastWords the last lines that it wrote to `System.err`, among them those of a logger that writes
///     there: at most 20, at most 4 KiB; empty if none. Not what native code and the JVM itself wrote
public record DeathCertificate(
    long pid,
    String name,
    int exitCode,
    @Nullable String signal,
    DeathCause cause,
    String sentence,
    String crashReport,
    String lastWords)
    implements Serializable {

  /// True if the process ended by itself and with code 0.
  ///
  /// @return whether it did
  public boolean isSuccess() {
    return exitCode == 0;
  }

  /// All that is known, for people: the sentence and, on lines of their own, the crash report and the
  /// last words.
  ///
  /// @return at least one line, without a line end behind the last
  public String text() {
    StringBuilder text = new StringBuilder(sentence);
    if (!crashReport.isEmpty()) {
      text.append('\n').append(crashReport);
    }
    if (!lastWords.isEmpty()) {
      text.append("\nits last words on stderr:\n").append(lastWords.indent(2).stripTrailing());
    }
    return text.toString();
  }
}
