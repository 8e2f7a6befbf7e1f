package io.procession.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory a process has of its own: heap, metaspace, code and native memory, but neither files
/// nor what it shares with others.
final class ResidentMemory {
  static final long UNKNOWN = -1;

  private static final String LABEL = "\nRssAnon:";
  private static final long KIB = 1024;

  private ResidentMemory() {}

  /// Asks the kernel.
  ///
  /// @return bytes; [#UNKNOWN] where there is no such kernel, or no such process
  static long of(long pid) {
    try {
      byte[] status = Files.readAllBytes(Path.of("/proc/" + pid + "/status"));
      return parse(new String(status, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  static long parse(String status) {
    int at = status.indexOf(LABEL);
    if (at < 0) {
      return UNKNOWN;
    }
    long kib = 0;
    for (int i = at + LABEL.length(); status.charAt(i) != '\n'; i++) {
      char c = status.charAt(i);
      if (c >= '0' && c <= '9') {
        kib = 10 * kib + (c - '0');
      }
    }
    return kib * KIB;
  }
}
