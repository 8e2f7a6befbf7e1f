package io.procession.process;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.ProcessFate;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Signals;
import java.io.IOException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A JVM of this session that has been started, and what it has of this process until it has ended; or a
/// thread in its place, which has nothing.
///
/// @param process it
/// @param participant its row in the session
/// @param record the cell of what it was told, null for a thread
/// @param arguments the file of its flags, null for a thread
/// @param evidence what will explain its death, null for a thread
/// @param cache the archive that it was started with
/// @param again how it is started without it; null if it was started without, or is nobody yet
record Launched(
    Process process,
    int participant,
    @Nullable CellRef record,
    @Nullable ArgumentFile arguments,
    @Nullable Evidence evidence,
    @Nullable AotCache cache,
    @Nullable SecondStart again) {
  /// The same, with an archive that is beyond suspicion.
  Launched withoutCache() {
    return new Launched(process, participant, record, arguments, evidence, null, null);
  }

  /// The same, as a process that can be started once more.
  Launched with(@Nullable SecondStart start) {
    return new Launched(process, participant, record, arguments, evidence, cache, start);
  }

  /// How far it came by its own account.
  int phase() {
    return Session.ofJvm().participants().phase(participant);
  }

  /// Once it has ended: tells everybody, and gives back all it had.
  void letGo(Session session, ProcessFate ending) {
    try {
      bury(() -> session.burials().bury(participant, ending));
    } finally {
      if (record != null) {
        session.directory().free(record);
      }
      release();
      closePipe();
    }
  }

  /// Closes the pipe to it, which tells it that its parent ends.
  void closePipe() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
  }

  /// A thread in the place of a JVM.
  static Launched ofThread(ThreadProcess process, int participant) {
    return new Launched(process, participant, null, null, null, null, null);
  }

  /// The cell of what a JVM was told.
  CellRef cell() {
    return Objects.requireNonNull(record, "a thread has none");
  }

  /// What sends it SIGTERM or SIGKILL, and tells whether there was somebody to send it to.
  BooleanSupplier signalling(int signal) {
    if (process instanceof ThreadProcess thread) {
      return () -> thread.signal(signal);
    }
    ProcessHandle handle = process.toHandle(); // Process.destroy would close the pipe too
    return signal == Signals.SIGKILL ? handle::destroyForcibly : handle::destroy;
  }

  /// Does what is to be done in the session at its end.
  private void bury(Runnable rites) {
    if (process instanceof ThreadProcess thread) {
      thread.bury(rites);
    } else {
      rites.run();
    }
  }

  /// Gives back, once it has ended, what it had but for its row and its cell.
  void release() {
    if (arguments != null) {
      arguments.release();
    }
    if (evidence != null) {
      evidence.close();
    }
  }
}
