package io.procession.internal.arena;

import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Until;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The processes of the session, as rows of the participant table.
///
/// Whether a participant is alive is answered from its row; [#probe] asks the kernel. Whoever learns
/// of a death by whatever way says so with [#declareDead], which rings every doorbell.
public final class Participants {
  private final MemorySegment memory;
  private final int self;
  private final Waiting waiting;
  private final Obituaries obituaries;

  Participants(MemorySegment memory, int self, Waiting waiting) {
    this.memory = memory;
    this.self = self;
    this.waiting = waiting;
    this.obituaries = new Obituaries(memory, waiting);
  }

  /// Fills the root's row, the first, in an arena that nobody else has yet.
  static int enrollRoot(MemorySegment memory, ProcessIdentity root) {
    int participant = ParticipantLayout.participant(0, 1);
    long at = ParticipantLayout.at(participant);
    Words.setInt(memory, HeaderLayout.ROWS_USED_AT, 1);
    Words.setInt(memory, at + ParticipantLayout.PARENT_AT, participant);
    Words.setLong(memory, at + ParticipantLayout.PID_AT, root.pid());
    Words.setLong(memory, at + ParticipantLayout.START_AT, root.startTime());
    Words.setInt(memory, at + ParticipantLayout.PHASE_AT, ParticipantLayout.PHASE_RUNNING);
    writeName(memory, at, "main");
    Words.setIntRelease(
        memory,
        at + ParticipantLayout.STATE_AT,
        ParticipantLayout.state(1, ParticipantLayout.LIVE));
    return participant;
  }

  /// Claims a row for a child that this process is about to start.
  ///
  /// @return the child's participant
  /// @throws IllegalStateException if every row is taken
  public int enroll(String name) {
    for (int row = 0; row < ParticipantLayout.ROWS; row++) {
      long at = ParticipantLayout.at(row);
      if (Words.getIntVolatile(memory, at + ParticipantLayout.PARENT_AT) != 0) {
        continue;
      }
      raiseRowsUsed(row + 1);
      if (!Words.compareAndSetInt(memory, at + ParticipantLayout.PARENT_AT, 0, self)) {
        continue;
      }
      FailPoint.PARTICIPANT_CLAIMED.reach();
      int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
      int generation = Math.max(1, state >>> 8);
      Words.setLong(memory, at + ParticipantLayout.PID_AT, 0);
      Words.setLong(memory, at + ParticipantLayout.START_AT, 0);
      Words.setInt(memory, at + ParticipantLayout.PHASE_AT, 0);
      Words.setInt(memory, at + ParticipantLayout.FAILURE_AT, 0);
      writeName(memory, at, name);
      Words.setIntRelease(
          memory,
          at + ParticipantLayout.STATE_AT,
          ParticipantLayout.state(generation, ParticipantLayout.LIVE));
      return ParticipantLayout.participant(row, generation);
    }
    throw new IllegalStateException(
        "a session has at most " + ParticipantLayout.ROWS + " processes at a time: none is free");
  }

  /// Notes who the enrolled child has become.
  public void started(int participant, ProcessIdentity child) {
    long at = ParticipantLayout.at(participant);
    Words.setLong(memory, at + ParticipantLayout.START_AT, child.startTime());
    Words.setLongRelease(memory, at + ParticipantLayout.PID_AT, child.pid());
    FailPoint.PARTICIPANT_STARTED.reach();
  }

  /// Gives a child another name, before it is somebody: it holds nothing, and nobody asks for it.
  public void rename(int participant, String name) {
    writeName(memory, ParticipantLayout.at(participant), name);
  }

  /// True if nobody has noticed its death yet. Costs one read.
  public boolean isAlive(int participant) {
    return Words.getIntVolatile(memory, ParticipantLayout.at(participant))
        == ParticipantLayout.state(
            ParticipantLayout.generation(participant), ParticipantLayout.LIVE);
  }

  /// Asks the kernel whether the participant is alive, and tells everybody if it is not.
  public boolean probe(int participant) {
    if (!isAlive(participant)) {
      return false;
    }
    if (participant == self) {
      return true;
    }
    long at = ParticipantLayout.at(participant);
    long pid = Words.getLongAcquire(memory, at + ParticipantLayout.PID_AT);
    if (pid == 0) {
      return true; // not started yet: its parent answers for it
    }
    long start = Words.getLong(memory, at + ParticipantLayout.START_AT);
    if (new ProcessIdentity(pid, start).isAlive()) {
      return true;
    }
    declareDead(participant);
    return false;
  }

  /// Marks a participant as dead and rings every doorbell, so that whoever waits looks again.
  public void declareDead(int participant) {
    int generation = ParticipantLayout.generation(participant);
    boolean first =
        Words.compareAndSetInt(
            memory,
            ParticipantLayout.at(participant) + ParticipantLayout.STATE_AT,
            ParticipantLayout.state(generation, ParticipantLayout.LIVE),
            ParticipantLayout.state(generation, ParticipantLayout.DEAD));
    if (first) {
      FailPoint.PARTICIPANT_DEAD.reach();
      ringAll();
    }
  }

  /// Rings the doorbell of every live process, this one's too.
  public void ringAll() {
    forAllAlive(at -> waiting.ring(at + ParticipantLayout.DOORBELL_AT));
  }

  /// Does something with the row of every live process, this one's too.
  void forAllAlive(LongConsumer row) {
    int used = rowsUsed();
    for (int i = 0; i < used; i++) {
      long at = ParticipantLayout.at(i);
      int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
      if ((state & 0xFF) == ParticipantLayout.LIVE) {
        row.accept(at);
      }
    }
  }

  /// The process ids of those that nobody has found dead yet, this one's too, oldest rows first.
  public List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    int used = rowsUsed();
    for (int row = 0; row < used; row++) {
      long at = ParticipantLayout.at(row);
      int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
      if ((state & 0xFF) == ParticipantLayout.LIVE) {
        pids.add(pid(ParticipantLayout.participant(row, state >>> 8)));
      }
    }
    return pids;
  }

  /// The name it was enrolled under, or a dash for a row that has another tenant by now.
  public String name(int participant) {
    return isKnown(participant) ? readName(ParticipantLayout.at(participant)) : "-";
  }

  /// Its process id, 0 if it was not started yet or its row has another tenant by now.
  public long pid(int participant) {
    return isKnown(participant)
        ? Words.getLongAcquire(memory, ParticipantLayout.at(participant) + ParticipantLayout.PID_AT)
        : 0;
  }

  /// How far it came, by its own account: a `PHASE_` constant of [ParticipantLayout] or 0.
  public int phase(int participant) {
    return Words.getIntVolatile(memory, ParticipantLayout.phaseAt(participant));
  }

  /// What ended its task, by its own account: a `FAILURE_` constant of [ParticipantLayout] or 0.
  public int failure(int participant) {
    return Words.getIntVolatile(
        memory, ParticipantLayout.at(participant) + ParticipantLayout.FAILURE_AT);
  }

  /// Notes how far a participant has come.
  ///
  /// @param phase a `PHASE_` constant of [ParticipantLayout]
  public void notePhase(int participant, int phase) {
    Words.setIntVolatile(memory, ParticipantLayout.phaseAt(participant), phase);
  }

  /// Notes what ends a participant's task.
  ///
  /// @param failure a `FAILURE_` constant of [ParticipantLayout]
  public void noteFailure(int participant, int failure) {
    long at = ParticipantLayout.at(participant) + ParticipantLayout.FAILURE_AT;
    Words.setIntVolatile(memory, at, failure);
  }

  /// The last that a dead participant wrote to its standard error, if it noted any; for messages. It
  /// may begin amid a line.
  public byte[] lastWords(int dead) {
    return BlackBox.read(memory, dead);
  }

  /// For messages: name and pid.
  public String describe(int participant) {
    return participant == 0 ? "nobody" : name(participant) + " (pid " + pid(participant) + ")";
  }

  /// For messages: who a dead participant was and how it ended: `pid 4711 (worker-3), killed by SIGKILL`.
  ///
  /// @param patienceNanos how long to wait for its parent, which alone can say so, if that lives and
  ///     has not said it yet: one whose absence was seen by another may be a moment ahead of it
  public String fate(int dead, long patienceNanos) {
    return Obituary.text(obituary(dead, patienceNanos));
  }

  /// Who a dead participant was and how it ended.
  ///
  /// @param patienceNanos as for [#fate]
  /// @return null if it is long gone
  public @Nullable Obituary obituary(int dead, long patienceNanos) {
    long deadline = Until.after(Steps.ARE_WATCHED ? 0 : patienceNanos);
    while (true) {
      int heard = waiting.bell();
      int written = obituaries.written();
      boolean awaited = isToBeBuried(dead); // asked first: it is buried after its obituary is there
      Obituary obituary = obituaries.find(dead);
      if (obituary != null) {
        return obituary;
      }
      if (!awaited || deadline - System.nanoTime() <= 0) {
        return isKnown(dead) ? new Obituary(pid(dead), name(dead), ProcessFate.UNKNOWN) : null;
      }
      waiting.awaitUninterruptibly(HeaderLayout.OBITUARIES_WRITTEN_AT, written, heard, deadline);
    }
  }

  /// Notes, before anybody is told of its death by this process, how one that it is about to bury
  /// ended. Those that never came to be have no end.
  void noteEnd(int dead, ProcessFate ending) {
    if (wasStarted(dead)) {
      obituaries.write(dead, pid(dead), name(dead), ending);
    }
  }

  /// How many rows are claimed at this moment, this process's own too; counted anew at each call.
  public int inUse() {
    int used = rowsUsed();
    int claimed = 0;
    for (int row = 0; row < used; row++) {
      if (Words.getIntVolatile(memory, ParticipantLayout.at(row) + ParticipantLayout.PARENT_AT)
          != 0) {
        claimed++;
      }
    }
    return claimed;
  }

  /// As [#inUse], but for those of a name.
  public int inUseBut(String name) {
    int used = rowsUsed();
    int claimed = 0;
    for (int row = 0; row < used; row++) {
      long at = ParticipantLayout.at(row);
      if (Words.getIntVolatile(memory, at + ParticipantLayout.PARENT_AT) != 0
          && !readName(at).equals(name)) {
        claimed++;
      }
    }
    return claimed;
  }

  /// The participants, dead or alive, whose rows belong to `parent`.
  List<Integer> childrenOf(int parent) {
    List<Integer> children = new ArrayList<>();
    int used = rowsUsed();
    for (int row = 0; row < used; row++) {
      long at = ParticipantLayout.at(row);
      if (Words.getIntVolatile(memory, at + ParticipantLayout.PARENT_AT) == parent) {
        int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
        int child = ParticipantLayout.participant(row, Math.max(1, state >>> 8));
        if (child != parent) {
          children.add(child);
        }
      }
    }
    return children;
  }

  /// Makes this process the parent of a dead one's child.
  ///
  /// @return false if another was faster
  boolean adopt(int child, int deadParent) {
    long parentAt = ParticipantLayout.at(child) + ParticipantLayout.PARENT_AT;
    boolean adopted = Words.compareAndSetInt(memory, parentAt, deadParent, self);
    FailPoint.PARTICIPANT_ADOPTED.reach();
    return adopted;
  }

  boolean wasStarted(int participant) {
    return Words.getLongAcquire(
            memory, ParticipantLayout.at(participant) + ParticipantLayout.PID_AT)
        != 0;
  }

  /// True if it is for this process to bury the participant: it is the row's parent, and the row still
  /// is that participant's.
  boolean isOursToBury(int participant) {
    long at = ParticipantLayout.at(participant);
    int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
    return Words.getIntVolatile(memory, at + ParticipantLayout.PARENT_AT) == self
        && Math.max(1, state >>> 8) == ParticipantLayout.generation(participant);
  }

  /// Gives the row of a dead participant back, under a new generation; its parent's last act. Does
  /// nothing if the row is not, or no longer, that participant's. Name and pid stay to be read until
  /// the next tenant comes: others may still want to say who died.
  void free(int participant) {
    long at = ParticipantLayout.at(participant);
    int free = ParticipantLayout.state(next(participant), ParticipantLayout.FREE);
    int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
    boolean isDeadOrNeverCame =
        (state & 0xFF) != ParticipantLayout.LIVE
            && Math.max(1, state >>> 8) == ParticipantLayout.generation(participant);
    if (isDeadOrNeverCame
        && Words.compareAndSetInt(memory, at + ParticipantLayout.STATE_AT, state, free)) {
      FailPoint.PARTICIPANT_RENAMED.reach();
      Words.compareAndSetInt(memory, at + ParticipantLayout.PARENT_AT, self, 0);
      FailPoint.PARTICIPANT_FREED.reach();
    }
  }

  /// True if a living process has to bury it and has not done so.
  private boolean isToBeBuried(int dead) {
    long at = ParticipantLayout.at(dead);
    int state = Words.getIntVolatile(memory, at + ParticipantLayout.STATE_AT);
    int parent = Words.getIntVolatile(memory, at + ParticipantLayout.PARENT_AT);
    return state >>> 8 == ParticipantLayout.generation(dead)
        && parent != 0
        && parent != dead
        && isAlive(parent);
  }

  /// True if the row still tells of this participant: as its tenant, or as the last one.
  private boolean isKnown(int participant) {
    int state =
        Words.getIntVolatile(
            memory, ParticipantLayout.at(participant) + ParticipantLayout.STATE_AT);
    boolean free = (state & 0xFF) == ParticipantLayout.FREE;
    return state >>> 8 == (free ? next(participant) : ParticipantLayout.generation(participant));
  }

  /// The generation after a participant's: half a million tenants later it begins again, when no
  /// name of the first is left.
  private static int next(int participant) {
    int next = ParticipantLayout.generation(participant) + 1;
    return next > ParticipantLayout.MAX_GENERATION ? 1 : next;
  }

  private int rowsUsed() {
    int used = Words.getIntVolatile(memory, HeaderLayout.ROWS_USED_AT);
    return Math.min(Math.max(used, 0), ParticipantLayout.ROWS);
  }

  private void raiseRowsUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.ROWS_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.ROWS_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.ROWS_USED_AT);
    }
  }

  private static void writeName(MemorySegment memory, long rowAt, String name) {
    byte[] bytes = Names.encode(name, ParticipantLayout.MAX_NAME_BYTES);
    Words.copyIn(bytes, 0, memory, rowAt + ParticipantLayout.NAME_AT, bytes.length);
    Words.setIntRelease(memory, rowAt + ParticipantLayout.NAME_LENGTH_AT, bytes.length);
  }

  private String readName(long rowAt) {
    int length = Words.getIntAcquire(memory, rowAt + ParticipantLayout.NAME_LENGTH_AT);
    int checked = Math.min(Math.max(length, 0), ParticipantLayout.MAX_NAME_BYTES);
    byte[] bytes = new byte[checked];
    Words.copyOut(memory, rowAt + ParticipantLayout.NAME_AT, bytes, 0, checked);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
