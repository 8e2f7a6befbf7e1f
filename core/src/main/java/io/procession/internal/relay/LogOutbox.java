package io.procession.internal.relay;

import io.procession.internal.arena.ExitHooks;
import io.procession.internal.arena.LastWords;
import io.procession.internal.arena.Session;
import io.procession.internal.log.LogState;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.ring.MessageRing;
import io.procession.logging.LogEntry;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where the records of this child process leave it.
///
/// A record is in shared memory when [#send] returns, so nothing has to be flushed when this process ends,
/// and a SIGKILL costs at most the one that is being written. There is no thread. The first record
/// maps the arena.
public final class LogOutbox {
  /// How long a record waits for room.
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final long NAP_NANOS = 500_000;

  private static final LogOutbox OWN = new LogOutbox();

  // guarded by turn, which is held while a record waits for room: those behind would wait as well
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable MessageRing ring;
  private long dropped;
  private boolean hasHook;

  private LogOutbox() {}

  /// Sends a record, or drops it after a second without room, or at once if the one before was dropped
  /// and there still is none.
  ///
  /// @return false if it can never be sent: the session is over, what this sends came about by sending, or
  ///     it cannot be written
  public static boolean send(LogEntry entry) {
    return OWN.put(entry);
  }

  /// A record as the process's black box has it.
  public static String line(LogEntry entry) {
    return LogForm.line(entry);
  }

  private boolean put(LogEntry entry) {
    if (turn.isHeldByCurrentThread()) {
      return false; // whatever we do below has logged something
    }
    boolean interrupted = Thread.interrupted(); // an interrupted thread cannot nap
    turn.lock();
    try {
      if (dropped > 0 && !tellOfDropped(entry.framework(), 0)) {
        dropped++;
      } else if (!put(LogForm.write(entry), PATIENCE_NANOS)) {
        dropped++;
        if (!hasHook) {
          hasHook = true;
          LocalProcess.outside(() -> addHook(entry.framework()));
        }
      }
      return true;
    } catch (IllegalStateException e) {
      return false; // the session is over, or the ring gone
    } catch (InterruptedException e) {
      interrupted = true; // not thrown by a put that does not wait
      return true;
    } catch (RuntimeException | Error e) {
      return false; // an exception whose message throws, memory that is full: who logs shall go on
    } finally {
      turn.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// @return false if there was no room in time
  private boolean put(byte[] bytes, long patience) throws InterruptedException {
    MessageRing known = ring;
    if (known == null) {
      known = LogRing.findOrCreate(Session.ofJvm());
      ring = known;
    }
    long begin = System.nanoTime();
    boolean isIn = known.put(bytes, 0, bytes.length, begin) == MessageRing.Outcome.DONE;
    // by naps, and not by the ring's wait: that heeds the wish that this process stops, and would
    // lose the record
    while (!isIn && System.nanoTime() - begin < patience) {
      LockSupport.parkNanos(this, NAP_NANOS);
      isIn = known.put(bytes, 0, bytes.length, begin) == MessageRing.Outcome.DONE;
    }
    return isIn;
  }

  /// @return false if there was no room for that
  private boolean tellOfDropped(String framework, long patience) throws InterruptedException {
    boolean told = put(LogForm.write(notice(framework)), patience);
    if (told) {
      dropped = 0;
    }
    return told;
  }

  private void addHook(String framework) {
    try {
      var _ =
          ExitHooks.addIfNeeded(
              "the log", ExitHooks.FLUSH, this::hasDropped, () -> tellAtLast(framework));
    } catch (IllegalStateException e) {
      // this process ends: its black box has what was dropped
    }
  }

  private boolean hasDropped() {
    turn.lock();
    try {
      return dropped > 0;
    } finally {
      turn.unlock();
    }
  }

  private void tellAtLast(String framework) {
    turn.lock();
    try {
      if (dropped > 0 && !tellOfDropped(framework, PATIENCE_NANOS)) {
        LastWords.say(said());
      }
    } catch (InterruptedException | IllegalStateException e) {
      LastWords.say(said());
    } finally {
      turn.unlock();
    }
  }

  private String said() {
    return dropped
        + " records of this process were dropped here: the first process did not take them in time";
  }

  private LogEntry notice(String framework) {
    return new LogEntry(
        framework,
        LogState.process(),
        ProcessHandle.current().pid(),
        "io.procession.logging",
        Level.WARNING,
        "WARNING",
        Instant.now(),
        Thread.currentThread().getName(),
        Thread.currentThread().threadId(),
        null,
        null,
        said(),
        null,
        Map.of());
  }
}
