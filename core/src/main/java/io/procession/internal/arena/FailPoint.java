package io.procession.internal.arena;

import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Each place where a process that dies leaves shared words in a state of its own: directly after
/// every store with release meaning and every compare-and-set.
///
/// A test kills a process there: `-Dprocession.crash=POINT` ends it with SIGKILL when it reaches
/// the point for the first time, `POINT:3` for the third; `POINT:stop` stops it with SIGSTOP each
/// time, so that others act meanwhile. Without the property a point costs nothing once compiled. Whoever adds such a store adds its point; a test kills at every one.
public enum FailPoint {
  LOCK_TAKEN,
  LOCK_TAKEN_FROM_DEAD,
  LOCK_DEATH_COUNTED,
  LOCK_ANNOUNCED,
  LOCK_MARKED_BY_OWNER,
  LOCK_RELEASED,
  LOCK_CALLED,
  LOCK_HOLDS_CHANGED,
  LOCK_DAMAGE_MARKED,
  LOCK_DAMAGE_CLEARED,

  WAIT_CLAIMED,
  WAIT_NOTED,
  WAIT_FORGOTTEN,
  WAIT_BURIED,

  CONDITION_ENTERED,
  CONDITION_GRANTED,
  CONDITION_SIGNALLED,
  CONDITION_TAKEN,
  CONDITION_LEFT,

  PERMITS_TAKEN,
  PERMITS_RELEASED,
  PERMITS_REGULAR,
  PERMITS_AWAITED,
  PERMITS_CALLED,

  OWNED_PERMITS_HELD,
  OWNED_PERMITS_RETURNED,
  OWNED_PERMITS_AWAITED,
  OWNED_PERMITS_CALLED,

  BARRIER_ENTERED,
  BARRIER_FILLED,
  BARRIER_ENDED,

  EVENT_SET,
  EVENT_CLEARED,

  CELL_CLAIMED,
  CELL_NAMED,
  CELL_SENT,
  CELL_DOOMED,
  CELL_INHERITED,
  CELL_RECLAIMED,
  CELL_EMPTIED,
  CELL_FREED,
  UNITS_NOTED,
  UNIT_CLAIMED,
  UNIT_LET_GO,
  UNIT_RECLAIMED,
  UNIT_FREED,

  PARTICIPANT_CLAIMED,
  PARTICIPANT_STARTED,
  PARTICIPANT_DEAD,
  PARTICIPANT_ADOPTED,
  PARTICIPANT_RENAMED,
  PARTICIPANT_FREED,
  SPARE_READY,
  SPARE_ORDERED,
  SPARE_TAKEN,
  SPARE_WITHDRAWN,
  OBITUARY_BEGUN,
  OBITUARY_WRITTEN,
  LOG_PUBLISHED,
  DOORBELL_RUNG,
  WATCH_BELL_RUNG,
  USER_SETS_CLAIMED,
  USER_SETS_FREED,
  USER_ADDED,
  USER_REMOVED,

  KEEPER_MADE,
  NAME_LINKED,
  NAME_UNLINKED,
  KEEPER_TAKEN,

  RING_END_NOTED,
  RING_SEGMENT_LINKED,
  RING_SEGMENT_CLOSED,
  RING_TAIL_MOVED,
  RING_PUBLISHED,
  RING_READERS_CLEARED,
  RING_READERS_MARKED,
  RING_HEAD_MOVED,
  RING_CONSUMED,
  RING_COUNTED_GONE,
  RING_REMOVED,
  RING_WATCHER_ENTERED,
  RING_WATCH_MARKED,
  RING_WATCH_CLEARED,
  RING_WATCHER_TAKEN,
  RING_WRITERS_CLEARED,
  RING_WRITERS_MARKED,
  RING_SPARE_STORED,
  RING_SPARE_TAKEN,
  RING_SHUT_DOWN,
  RING_DAMAGE_MARKED,
  RING_DAMAGE_CLEARED,

  TASK_TAKEN,
  TASK_DONE,
  TASK_JOINERS_CLEARED,
  TASK_JOINERS_MARKED;

  private static final @Nullable String ARMED = System.getProperty("procession.crash");

  /// SIGSTOP in the masks of `/proc/self/status`, where the lowest bit is signal 1.
  private static final long STOP_BIT = 1L << 18;

  private static final AtomicInteger VISITS = new AtomicInteger();

  /// Ends this process if a test asked for it.
  public void reach() {
    if (ARMED != null) {
      dieIfArmed(ARMED);
    }
  }

  private void dieIfArmed(String armed) {
    int colon = armed.indexOf(':');
    String point = colon < 0 ? armed : armed.substring(0, colon);
    if (!point.equals(name())) {
      return;
    }
    String when = colon < 0 ? "1" : armed.substring(colon + 1);
    if (when.equals("stop")) {
      signal("STOP");
      while (isStopPending()) {
        Thread.onSpinWait();
      }
    } else if (VISITS.incrementAndGet() == Integer.parseInt(when)) {
      die();
    }
  }

  /// By a command, also where a native call could do it: to link that costs a process that has linked
  /// nothing else a third of all its processor time.
  private static void die() {
    signal("KILL");
    if (Platform.current() == Platform.NATIVE) {
      try {
        Posix.kill(ProcessHandle.current().pid(), Posix.SIGKILL);
      } catch (ErrnoException e) {
        throw new AssertionError(e);
      }
    }
    Runtime.getRuntime().halt(137); // which may wait seconds for threads that compile
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
      new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      // no such command: to halt is the next best for one that is to die
    }
  }
}
