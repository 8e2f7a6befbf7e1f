package io.procession.process;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.ring.EndUsers;
import io.procession.serial.ByteSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts fresh JVMs.
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

  /// The session, made ready to have children buried.
  static Session session() {
    Session session = Session.current();
    session.burials().setHeir(HEIR); // before there is anybody to bury
    return session;
  }

  /// Starts a child.
  ///
  /// @param record the launch record
  static Launched child(Session session, String name, LaunchPlan plan, ByteSink record) {
    return start(session, name, plan, new RecordOfChild(record));
  }

  /// Starts a spare, which is to be given its order.
  static Launched spare(
      Session session,
      String name,
      LaunchPlan plan,
      List<String> initialized,
      List<String> linked) {
    return start(session, name, plan, new RecordOfSpare(initialized, linked));
  }

  private static Launched start(Session session, String name, LaunchPlan plan, Told record) {
    List<String> flags = new ArrayList<>(plan.flags());
    AotCache cache = AotCache.of(flags, plan.options(), session);
    if (cache != null) {
      for (String flag : cache.flags()) {
        if (!flags.contains(flag)) {
          flags.add(flag);
        }
      }
    }
    flags.addAll(plan.paths());
    return start(session, name, flags, plan.builder(), record, cache);
  }

  /// Starts a child with flags of its own.
  ///
  /// @param flags everything between the `java` command and the class that it runs
  /// @param builder says all but what to run; its command, if it has one, is put in front
  static Launched child(
      Session session, String name, List<String> flags, ProcessBuilder builder, ByteSink record) {
    return start(session, name, flags, builder, new RecordOfChild(record), null);
  }

  private static Launched start(
      Session session,
      String name,
      List<String> flags,
      ProcessBuilder builder,
      Told record,
      @Nullable AotCache cache) {
    int participant = session.participants().enroll(name);
    CellRef cell = null;
    ArgumentFile arguments = null;
    Evidence evidence = null;
    Process process;
    try {
      cell = session.directory().ref(session.directory().allocate(CellKind.LAUNCH, name));
      ByteSink written = record.of(participant, cell);
      long at = write(session, cell, written);
      arguments = ArgumentFile.of(flags, session);
      evidence = Evidence.prepare(session, flags, builder);
      List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT));
      words.addAll(builder.command());
      words.addAll(LaunchCommand.command(arguments.path(), evidence.flags()));
      words.add(session.arenaPath());
      words.add(Long.toString(session.id()));
      words.add(Integer.toString(participant));
      words.add(Long.toString(at));
      words.add(Integer.toString(written.length()));
      words.add(Long.toString(Self.IDENTITY.pid()));
      words.add(Long.toString(Self.IDENTITY.startTime()));
      EndUsers.start(session, written.handles(), participant);
      process = builder.command(words).start();
    } catch (IOException e) {
      giveUp(session, participant, cell, arguments, evidence);
      throw new UncheckedIOException("cannot start a process: process=" + name, e);
    } catch (RuntimeException | Error e) {
      giveUp(session, participant, cell, arguments, evidence);
      throw e;
    }
    session.participants().started(participant, ProcessIdentity.of(process.pid()));
    return new Launched(process, participant, cell, arguments, evidence, cache);
  }

  /// Writes a record to memory of its child's cell.
  ///
  /// @return where it is
  static long write(Session session, CellRef cell, ByteSink record) {
    int count = Units.unitsFor(record.length());
    long at = Units.offset(session.units().allocate(cell.cell(), count));
    MemorySegment.copy(
        record.array(), 0, session.memory(), ValueLayout.JAVA_BYTE, at, record.length());
    return at;
  }

  private static void giveUp(
      Session session,
      int participant,
      @Nullable CellRef cell,
      @Nullable ArgumentFile arguments,
      @Nullable Evidence evidence) {
    if (cell != null) {
      session.directory().free(cell);
    }
    if (arguments != null) {
      arguments.release();
    }
    if (evidence != null) {
      evidence.close();
    }
    session.burials().bury(participant);
  }

  /// What a new JVM is told, which depends on who it is.
  private sealed interface Told {
    ByteSink of(int participant, CellRef cell);
  }

  private record RecordOfChild(ByteSink record) implements Told {
    @Override
    public ByteSink of(int participant, CellRef cell) {
      LaunchRecord.address(record, participant);
      return record;
    }
  }

  private record RecordOfSpare(List<String> initialized, List<String> linked) implements Told {
    @Override
    public ByteSink of(int participant, CellRef cell) {
      long order = Directory.body(cell.cell());
      return new SpareRecord(participant, order, initialized, linked).write();
    }
  }
}
