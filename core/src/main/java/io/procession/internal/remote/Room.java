package io.procession.internal.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many connections a server may have: as many as its process has descriptors for, but for some. A
/// JVM that has none left cannot load a class, and what that breaks stays broken.
///
/// Used by one thread.
final class Room {
  /// For the JVM's files and ours, those of threads that wait in the kernel among them, and for who is
  /// being authenticated.
  private static final int RESERVED = 512;

  private static final int LEAST = 16;
  private static final long FRESH_NANOS = 1_000_000_000;
  private static final String LIMIT = "Max open files";

  private int most;
  private long read;

  /// The number as it is now: the limit may be changed while a process runs.
  int most() {
    long now = System.nanoTime();
    if (most == 0 || now - read > FRESH_NANOS) {
      most = (int) Math.max(LEAST, Math.min(limit(), Integer.MAX_VALUE) - RESERVED);
      read = now;
    }
    return most;
  }

  /// The limit of open files that the system has for this process; a large one if it does not say.
  static long limit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith(LIMIT)) {
          String soft = line.substring(LIMIT.length()).strip().split(" ", 2)[0];
          return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // no such system
    }
    return Integer.MAX_VALUE;
  }
}
