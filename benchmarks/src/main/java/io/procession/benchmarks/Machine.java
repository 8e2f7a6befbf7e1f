package io.procession.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What the figures were measured on, in one line.
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  private Machine() {}

  static String description(Optional<Python> python) {
    return Runtime.getRuntime().availableProcessors()
        + " processors ("
        + model()
        + "), "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + ", JDK "
        + Runtime.version()
        + python
            .map(found -> ", CPython " + found.version() + " (" + found.executable() + ")")
            .orElse(", no CPython");
  }

  private static String model() {
    try {
      for (String line : Files.readAllLines(PROCESSORS)) {
        if (line.startsWith(MODEL)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
    return System.getProperty("os.arch");
  }
}
