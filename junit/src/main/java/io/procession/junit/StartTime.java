package io.procession.junit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// When a process was started, by which it is told from others that get its pid: field 22 of
/// `/proc/<pid>/stat`, in clock ticks since boot.
final class StartTime {
  static final long GONE = -1;

  /// After the name, which is in brackets and may hold anything, come the fields from the third on.
  private static final int STATE = 3;

  private static final int START_TIME = 22;

  private StartTime() {}

  /// Returns the start time of a running process, or [#GONE]. One that was not reaped yet is gone.
  static long of(long pid) {
    String stat;
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      stat = new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return GONE;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return fields[0].equals("Z") || fields[0].equals("X")
        ? GONE
        : Long.parseLong(fields[START_TIME - STATE]);
  }
}
