package io.procession.shared;

import java.io.File;
import java.io.IOException;
import java.util.Optional;

/// A Python to compare with, if the machine has one.
final class Python {
  private Python() {}

  /// A command that starts a CPython with `multiprocessing.shared_memory`.
  static Optional<String> find() throws IOException, InterruptedException {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      File candidate = new File(folder, "python3");
      if (candidate.canExecute()
          && new ProcessBuilder(candidate.getPath(), "-c", "import multiprocessing.shared_memory")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0) {
        return Optional.of(candidate.getPath());
      }
    }
    return Optional.empty();
  }
}
