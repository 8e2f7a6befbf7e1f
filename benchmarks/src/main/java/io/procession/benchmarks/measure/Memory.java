package io.procession.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Reads the memory of other processes.
public final class Memory {
  private static final long SETTLING_MILLIS = 200;
  private static final double SAME_MEGABYTES = 0.01;

  private Memory() {}

  /// The proportional set of a process in MB (a million bytes), once two readings agree.
  public static double settledPss(long pid) throws IOException, InterruptedException {
    double before = -1;
    double now = pss(pid);
    while (Math.abs(now - before) > SAME_MEGABYTES) {
      TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
      before = now;
      now = pss(pid);
    }
    return now;
  }

  private static double pss(long pid) throws IOException {
    Path file = Path.of("/proc", Long.toString(pid), "smaps_rollup");
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("Pss:")) {
        String kilobytes = line.substring("Pss:".length(), line.lastIndexOf(' ')).strip();
        return Long.parseLong(kilobytes) * 1024 / 1e6;
      }
    }
    throw new IOException("no Pss line: file=" + file);
  }
}
