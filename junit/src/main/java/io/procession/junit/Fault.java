package io.procession.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is to happen in this JVM, where, and at which visit; written as `class.CONSTANT:way:visit`.
final class Fault {
  enum Way {
    KILL,
    STOP,
    FAIL
  }

  /// Exit code of a process that dies of SIGKILL, for systems on which there is none.
  private static final int KILLED = 137;

  static final Fault ARMED = of(System.getProperty(CrashPoint.PROPERTY));
  static final boolean IS_ARMED = ARMED.visit > 0;

  /// SIGSTOP in the masks of `/proc/self/status`, where the lowest bit is signal 1.
  private static final long STOP_BIT = 1L << 18;

  private final String point;
  private final Way way;
  private final int visit;
  private final AtomicInteger visits = new AtomicInteger();

  private Fault(String point, Way way, int visit) {
    this.point = point;
    this.way = way;
    this.visit = visit;
  }

  static String setting(CrashPoint point, Way way, int visit) {
    if (visit < 1) {
      throw new IllegalArgumentException(
          "visit must be positive: visit=" + visit + "; use 1 for the first time");
    }
    return nameOf(point) + ":" + way.name().toLowerCase(Locale.ROOT) + ":" + visit;
  }

  static Fault of(@Nullable String setting) {
    if (setting == null) {
      return new Fault("", Way.FAIL, 0);
    }
    List<String> parts = List.of(setting.split(":", -1));
    try {
      return new Fault(
          parts.get(0),
          Way.valueOf(parts.get(1).toUpperCase(Locale.ROOT)),
          Integer.parseInt(parts.get(2)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "setting must be what a crash point returns, as class.CONSTANT:kill:1: "
              + CrashPoint.PROPERTY
              + "="
              + setting,
          e);
    }
  }

  private static String nameOf(CrashPoint point) {
    Class<?> type =
        point instanceof Enum<?> constant ? constant.getDeclaringClass() : point.getClass();
    return type.getName() + "." + point.name();
  }

  void reached(CrashPoint here) {
    if (point.equals(nameOf(here)) && visits.incrementAndGet() == visit) {
      happen();
    }
  }

  private void happen() {
    switch (way) {
      case KILL -> {
        signal("KILL");
        Runtime.getRuntime().halt(KILLED);
      }
      case STOP -> {
        signal("STOP");
        while (isStopPending()) {
          Thread.onSpinWait();
        }
      }
      case FAIL -> throw new InjectedFault(point);
    }
  }

  /// Whether no thread has taken the signal yet: the command that sent it may have ended before, and
  /// until one has taken it, all run on.
  private static boolean isStopPending() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("ShdPnd:")) {
          String mask = line.substring("ShdPnd:".length()).strip();
          return (Long.parseUnsignedLong(mask, 16) & STOP_BIT) != 0;
        }
      }
    } catch (IOException e) {
      // not Linux: it stops as soon as it stops
    }
    return false;
  }

  private static void signal(String name) {
    try {
      awaitUninterruptibly(
          new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
              .start());
    } catch (IOException e) {
      // no such command: to halt is the next best for one that is to die
    }
  }

  /// A thread that was interrupted gets no further than its point either.
  private static void awaitUninterruptibly(Process command) {
    boolean isInterrupted = false;
    boolean hasEnded = false;
    while (!hasEnded) {
      try {
        command.waitFor();
        hasEnded = true;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
