package io.procession.process;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Signals;
import io.procession.internal.ring.EndUsers;
import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSink;
import io.procession.serial.Handle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts fresh JVMs.
///
/// The order matters to what a death of this process in the midst leaves: the child's row and cell
/// are this process's before the child exists, so whoever buries us frees them; and the child has
/// the reading end of our pipe from its first instruction, out of the way of programs that read their input.
final class Spawn {
  /// Pipes that nobody has any more are freed, and queues that were to end with the dead.
  private static final Consumer<CellRef> HEIR =
      new Consumer<>() {
        @Override
        public void accept(CellRef ring) {
          Session session = Session.ofJvm();
          if (session.directory().is(ring.cell(), CellKind.QUEUE)) {
            // a process that is stopped may have one of its locks: no burial waits for that
            Thread.ofPlatform()
                .daemon()
                .name("procession-heir")
                .start(
                    new Runnable() {
                      @Override
                      public void run() {
                        destroy(session, ring);
                      }
                    });
          } else {
            EndUsers.freeIfAbandoned(session, ring);
          }
        }
      };

  private static void destroy(Session session, CellRef queue) {
    try {
      MessageRing.attach(session, queue, CellKind.QUEUE).destroy();
    } catch (IllegalStateException e) {
      // somebody else has destroyed it
    }
  }

  private static final class Self {
    static final ProcessIdentity IDENTITY = ProcessIdentity.self();
  }

  private Spawn() {}

  /// The session, made ready to have children buried.
  static Session session() {
    Session session = Session.ofJvm();
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

  /// Starts a child once more, without an archive. It comes to have what the first has, which is dead and
  /// not buried.
  static Launched again(Session session, SecondStart start, Launched first) {
    byte[] bytes = new byte[start.length()];
    Words.copyOut(session.memory(), start.at(), bytes, 0, bytes.length);
    ByteSink record = new ByteSink(bytes.length);
    record.putBytes(bytes);
    List<String> flags = new ArrayList<>(start.plan().flags());
    flags.addAll(start.plan().paths(null));
    Told told = new RecordOfSecond(record, start.handles(), first.participant());
    return start(session, start.name(), flags, start.plan().builder(), told, null, null);
  }

  private static Launched start(Session session, String name, LaunchPlan plan, Told record) {
    List<String> flags = new ArrayList<>(plan.flags());
    AotCache cache = AotCache.of(flags, plan.options(), session);
    Path archive = cache == null ? null : cache.file();
    if (cache == null || archive == null) {
      cache = null;
      flags.addAll(plan.paths(null));
    } else {
      for (String flag : AotCache.flagsFor(archive)) {
        if (!flags.contains(flag)) {
          flags.add(flag);
        }
      }
      flags.addAll(plan.paths(cache.front()));
    }
    return start(session, name, flags, plan.builder(), record, cache, plan);
  }

  /// Starts a child with flags of its own.
  ///
  /// @param flags everything between the `java` command and the class that it runs
  /// @param builder says all but what to run; its command, if it has one, is put in front
  static Launched child(
      Session session, String name, List<String> flags, ProcessBuilder builder, ByteSink record) {
    return start(session, name, flags, builder, new RecordOfChild(record), null, null);
  }

  private static Launched start(
      Session session,
      String name,
      List<String> flags,
      ProcessBuilder builder,
      Told record,
      @Nullable AotCache cache,
      @Nullable LaunchPlan plan) {
    int participant = session.participants().enroll(name);
    CellRef cell = null;
    ArgumentFile arguments = null;
    Evidence evidence = null;
    SecondStart again = null;
    Process process;
    try {
      cell = session.directory().ref(session.directory().allocate(CellKind.LAUNCH, name));
      ByteSink written = record.of(participant, cell);
      long at = write(session, cell, written);
      arguments = ArgumentFile.of(flags, session);
      evidence = Evidence.prepare(session, flags, builder);
      boolean isBehindShell = Shell.isBetween(builder.environment().keySet());
      List<String> words = new ArrayList<>(isBehindShell ? Shell.words() : List.of());
      words.addAll(builder.command());
      words.addAll(LaunchCommand.command(arguments.path(), evidence.flags()));
      words.add(session.arenaPath());
      words.add(Long.toString(session.id()));
      words.add(Integer.toString(participant));
      words.add(Long.toString(at));
      words.add(Integer.toString(written.length()));
      words.add(Long.toString(Self.IDENTITY.pid()));
      words.add(Long.toString(Self.IDENTITY.startTime()));
      words.add(Integer.toString(isBehindShell ? Shell.PIPE_BEHIND : Shell.PIPE_WITHOUT));
      record.admit(session, participant);
      if (cache != null && plan != null && record instanceof RecordOfChild) {
        again = new SecondStart(name, plan, at, written.length(), written.handles());
      }
      process = builder.command(words).start();
    } catch (IOException e) {
      giveUp(session, participant, cell, arguments, evidence);
      throw new UncheckedIOException("cannot start a process: process=" + name, e);
    } catch (RuntimeException | Error e) {
      giveUp(session, participant, cell, arguments, evidence);
      throw e;
    }
    boolean isNoted = false;
    try {
      session.participants().started(participant, ProcessIdentity.of(process.pid()));
      Launched launched =
          new Launched(process, participant, cell, arguments, evidence, cache, again);
      isNoted = true;
      return launched;
    } finally {
      if (!isNoted) {
        end(process);
        giveUp(session, participant, cell, arguments, evidence);
      }
    }
  }

  /// Lets what a launch record has of shared objects leave this process for another.
  static void handOver(ByteSink record, int participant) {
    EndUsers.start(Session.current(), record.handles(), participant);
  }

  /// Ends a process that was launched for a start which fails nevertheless, such as for want of memory: nobody
  /// would watch it.
  static void undo(Session session, Launched launched) {
    boolean _ = launched.signalling(Signals.SIGKILL).getAsBoolean();
    launched.process().onExit().join();
    giveUp(
        session,
        launched.participant(),
        launched.record(),
        launched.arguments(),
        launched.evidence());
  }

  private static void end(Process process) {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  /// Writes a record to memory of its child's cell.
  ///
  /// @return where it is
  static long write(Session session, CellRef cell, ByteSink record) {
    int count = Units.unitsFor(record.length());
    long at = Units.offset(session.units().allocate(cell.cell(), count));
    Words.copyIn(record.array(), 0, session.memory(), at, record.length());
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

    /// Lets it have what is in the record, before it exists.
    default void admit(Session session, int participant) {}
  }

  private record RecordOfChild(ByteSink record) implements Told {
    @Override
    public ByteSink of(int participant, CellRef cell) {
      LaunchRecord.address(record, participant);
      return record;
    }

    @Override
    public void admit(Session session, int participant) {
      handOver(record, participant);
    }
  }

  private record RecordOfSecond(ByteSink record, List<Handle> handles, int first) implements Told {
    @Override
    public ByteSink of(int participant, CellRef cell) {
      LaunchRecord.address(record, participant);
      return record;
    }

    @Override
    public void admit(Session session, int participant) {
      EndUsers.startInstead(session, handles, first, participant);
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
