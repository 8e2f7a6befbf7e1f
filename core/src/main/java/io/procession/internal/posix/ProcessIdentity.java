package io.procession.internal.posix;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// A process beyond mistake: its pid with its start time, since pids are used again.
///
/// The start time is field 22 of `/proc/<pid>/stat`, raw, in clock ticks since boot: it does not
/// move with the wall clock. Elsewhere it is what [ProcessHandle] knows, in milliseconds.
///
/// To read it takes a descriptor, and memory of the kernel. Where there is none to be had, a process counts as
/// alive as long as there is any with its pid: who is taken for dead loses its locks, and its children.
///
/// @param pid the process id
/// @param startTime its start; only equality means anything
public record ProcessIdentity(long pid, long startTime) {
  private static final int STAT_BYTES = 1024;
  private static final long GONE = -1;
  private static final long UNKNOWN = -2;

  /// The identity of a running process, or one that [#isAlive] denies if there is none.
  public static ProcessIdentity of(long pid) {
    return new ProcessIdentity(pid, startTime(pid));
  }

  /// The identity of this process.
  public static ProcessIdentity self() {
    return of(ProcessHandle.current().pid());
  }

  /// Asks the kernel whether this very process runs. One that has ended but was not reaped yet (a
  /// zombie) is dead.
  public boolean isAlive() {
    if (startTime == GONE) {
      return false;
    }
    long now = startTime(pid);
    return now == startTime || now == UNKNOWN || (startTime == UNKNOWN && now != GONE);
  }

  private static long startTime(long pid) {
    return Platform.isLinux() ? fromStat(pid) : fromHandle(pid);
  }

  private static long fromHandle(long pid) {
    Optional<Instant> start =
        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).flatMap(h -> h.info().startInstant());
    return start.map(Instant::toEpochMilli).orElse(GONE);
  }

  private static long fromStat(long pid) {
    byte[] stat = new byte[STAT_BYTES];
    int length;
    try (FileInputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
      length = in.read(stat);
    } catch (IOException e) {
      // to ask whether there is such a folder takes no descriptor
      return new File("/proc/" + pid).exists() ? UNKNOWN : GONE;
    }
    if (length <= 0) {
      return GONE;
    }
    // Fields are split by spaces, but the second is the name in brackets and may hold anything.
    int at = length - 1;
    while (at > 0 && stat[at] != ')') {
      at--;
    }
    at += 2;
    byte state = at < length ? stat[at] : (byte) 'X';
    if (state == 'Z' || state == 'X') {
      return GONE;
    }
    for (int field = 3; field < 22; field++) {
      while (at < length && stat[at] != ' ') {
        at++;
      }
      at++;
    }
    int end = at;
    while (end < length && stat[end] >= '0' && stat[end] <= '9') {
      end++;
    }
    return end > at
        ? Long.parseLong(new String(stat, at, end - at, StandardCharsets.ISO_8859_1))
        : GONE;
  }
}
