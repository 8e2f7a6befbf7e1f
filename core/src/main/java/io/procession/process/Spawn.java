package io.procession.process;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.ring.EndUsers;
import io.procession.serial.ByteSink;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts a child as a fresh JVM.
///
/// The order matters to what a death of this process in the midst leaves: the child's row and cell
/// are this process's before the child exists, so whoever buries us frees them; and the child has
/// the reading end of our pipe from its first instruction.
final class Spawn {
  /// The shell becomes `java`, but first makes the terminal's Ctrl-C none of its business: the first
  /// process alone decides what to do about it.
  private static final String SCRIPT = "trap '' INT; exec \"$0\" \"$@\"";

  /// Pipes that nobody has any more are freed.
  private static final Consumer<CellRef> HEIR =
      new Consumer<>() {
        @Override
        public void accept(CellRef pipe) {
          EndUsers.freeIfAbandoned(Session.current(), pipe);
        }
      };

  private static final class Self {
    static final ProcessIdentity IDENTITY = ProcessIdentity.self();
  }

  private Spawn() {}

  /// @param record the launch record
  /// @param exit completed when the child has ended
  static Child start(
      String name,
      boolean daemon,
      LaunchOptions options,
      ByteSink record,
      CompletableFuture<DeathCertificate> exit) {
    Session session = Session.current();
    session.burials().setHeir(HEIR); // before there is anybody to bury
    List<String> flags = LaunchCommand.flags(options);
    AotCache cache = AotCache.of(flags, options, session);
    if (cache != null) {
      for (String flag : cache.flags()) {
        if (!flags.contains(flag)) {
          flags.add(flag);
        }
      }
    }
    flags.addAll(LaunchCommand.paths());
    return start(session, name, daemon, flags, builder(options), record, cache, exit);
  }

  /// @param flags everything between the `java` command and the class that it runs
  /// @param builder says all but what to run; its command, if it has one, is put in front
  static Child start(
      Session session,
      String name,
      boolean daemon,
      List<String> flags,
      ProcessBuilder builder,
      ByteSink record,
      @Nullable AotCache cache,
      CompletableFuture<DeathCertificate> exit) {
    int participant = session.participants().enroll(name);
    CellRef cell = null;
    ArgumentFile arguments = null;
    Process process;
    try {
      cell = session.directory().ref(session.directory().allocate(CellKind.LAUNCH, name));
      LaunchRecord.address(record, participant);
      long at = write(session, cell, record);
      arguments = ArgumentFile.of(flags, session);
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT));
      words.addAll(builder.command());
      words.addAll(LaunchCommand.command(arguments.path()));
      words.add(session.arenaPath());
      words.add(Long.toString(session.id()));
      words.add(Integer.toString(participant));
      words.add(Long.toString(at));
      words.add(Integer.toString(record.length()));
      words.add(Long.toString(Self.IDENTITY.pid()));
      words.add(Long.toString(Self.IDENTITY.startTime()));
      EndUsers.start(session, record.handles(), participant);
      process = builder.command(words).start();
    } catch (IOException e) {
      giveUp(session, participant, cell, arguments);
      throw new UncheckedIOException("cannot start a process: process=" + name, e);
    } catch (RuntimeException | Error e) {
      giveUp(session, participant, cell, arguments);
      throw e;
    }
    session.participants().started(participant, ProcessIdentity.of(process.pid()));
    return new Child(name, daemon, process, participant, cell, arguments, cache, exit);
  }

  private static long write(Session session, CellRef cell, ByteSink record) {
    int count = Units.unitsFor(record.length());
    long at = Units.offset(session.units().allocate(cell.cell(), count));
    MemorySegment.copy(
        record.array(), 0, session.memory(), ValueLayout.JAVA_BYTE, at, record.length());
    return at;
  }

  private static ProcessBuilder builder(LaunchOptions options) {
    ProcessBuilder builder = new ProcessBuilder();
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    if (!options.environment().isEmpty()) {
      builder.environment().putAll(options.environment());
    }
    Executable executable = Executable.used();
    if (executable != null) {
      executable.prepare(builder.environment(), options, Self.IDENTITY.pid());
    }
    Path folder = options.workingFolder();
    if (folder != null) {
      builder.directory(new File(folder.toString()));
    }
    return builder;
  }

  private static void giveUp(
      Session session, int participant, @Nullable CellRef cell, @Nullable ArgumentFile arguments) {
    if (cell != null) {
      session.directory().free(cell);
    }
    if (arguments != null) {
      arguments.release();
    }
    session.burials().bury(participant);
  }
}
