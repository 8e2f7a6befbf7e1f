package io.procession.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A CPython that runs.
///
/// @param executable its interpreter
/// @param version its version
record Python(Path executable, Version version) {
  private static final int PATIENCE_SECONDS = 10;
  private static final Pattern ANSWER =
      Pattern.compile("CPython (\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final String QUESTION =
      "import platform as p; print(p.python_implementation(), p.python_version())";

  /// A version of CPython; a pre-release counts as its release.
  record Version(int major, int minor, int micro) implements Comparable<Version> {
    private static final Comparator<Version> ORDER =
        Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::micro);

    @Override
    public int compareTo(Version other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + micro;
    }
  }

  /// The name of its column.
  String column() {
    return "cpython-" + version.major() + "." + version.minor();
  }

  /// Asks an executable what it is; empty unless it is a CPython 3 and answers soon.
  static Optional<Python> probe(Path executable) {
    try {
      Process process =
          new ProcessBuilder(List.of(executable.toString(), "-c", QUESTION))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      if (process.exitValue() != 0) {
        return Optional.empty();
      }
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return version(answer).map(version -> new Python(executable, version));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<Version> version(String answer) {
    Matcher matcher = ANSWER.matcher(answer);
    if (!matcher.lookingAt() || !matcher.group(1).equals("3")) {
      return Optional.empty();
    }
    return Optional.of(
        new Version(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }
}
