package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.serial.Handle;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ends of pipes in a ring's messages that nobody has taken yet. Behind the page of its control
/// block:
///
/// ```
/// 4096 + 16 * i   0   end       long  generation << 32 | side << 31 | 1 + cell of the pipe, 0: none
///                 8   sequence  long  of the last message with a handle of it
/// ```
///
/// An entry counts while the ring is there, somebody could still receive from it, and it has a
/// message that is not newer. Entries are written under the writers' lock only, and read by anybody.
final class InFlight {
  private static final long ENTRIES_AT = 4096;
  private static final int ENTRY_BYTES = 16;
  private static final long SEQUENCE_AT = 8;
  static final int MOST = (int) ((HeaderLayout.UNIT_BYTES - ENTRIES_AT) / ENTRY_BYTES);

  private static final long SIDE = 0x8000_0000L;

  private final Session session;
  private final MemorySegment memory;
  private final long control;

  InFlight(Session session, long control) {
    this.session = session;
    this.memory = session.memory();
    this.control = control;
  }

  /// True if the ring ever had an end in a message. Costs one read.
  boolean isUsed() {
    return used() != 0;
  }

  /// Lets handles leave with the message that is about to be published, and notes the ends of pipes
  /// among them. With the writers' lock held.
  ///
  /// @throws IllegalStateException if there are too many, or this process has closed one; the message
  ///     must not be published then
  void note(List<Handle> handles) {
    long sequence = Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT);
    for (int i = 0; i < handles.size(); i++) {
      Handle handle = handles.get(i);
      handle.leave();
      EndUsers users = EndUsers.of(session, handle);
      if (users != null) {
        OpenEnds.send(users.place(), () -> enter(users, sequence));
      }
    }
  }

  private void enter(EndUsers users, long sequence) {
    long end = encode(users.end());
    int used = used();
    int free = used;
    for (int i = 0; i < used; i++) {
      long present = Words.getLong(memory, at(i));
      if (present == end) {
        Words.setLongVolatile(memory, at(i) + SEQUENCE_AT, sequence);
        noted(users);
        return;
      }
      if (free == used && head() > Words.getLong(memory, at(i) + SEQUENCE_AT)) {
        free = i;
      }
    }
    if (free == MOST) {
      throw new IllegalStateException(
          "a queue or pipe holds at most " + MOST + " connections that nobody has received");
    }
    Words.setLongVolatile(memory, at(free), 0);
    Words.setLongVolatile(memory, at(free) + SEQUENCE_AT, sequence);
    Words.setLongVolatile(memory, at(free), end);
    if (free == used) {
      Words.setIntVolatile(memory, control + RingLayout.ENDS_USED_AT, used + 1);
    }
    noted(users);
  }

  private static void noted(EndUsers users) {
    FailPoint.RING_END_NOTED.reach();
    users.set().noteChange();
  }

  /// Makes this process have the ends of which the message with a sequence, which is about to be
  /// counted as taken, has the last handles. With the readers' lock held.
  List<EndUsers> openLastIn(long sequence) {
    List<EndUsers> opened = List.of();
    for (int i = 0; i < used(); i++) {
      long end = Words.getLongVolatile(memory, at(i));
      if (end != 0 && Words.getLongVolatile(memory, at(i) + SEQUENCE_AT) == sequence) {
        EndRef ref = decode(end);
        if (session.directory().isThere(ref.pipe())) {
          EndUsers users = new EndUsers(session, ref);
          OpenEnds.openByMessage(session, users);
          opened = opened.isEmpty() ? new ArrayList<>() : opened;
          opened.add(users);
        }
      }
    }
    return opened;
  }

  /// The pipes of which the ring may have ends. If it is destroyed meanwhile, this may be anything.
  List<CellRef> pipes() {
    List<CellRef> pipes = new ArrayList<>();
    int cells = session.directory().cellsUsed();
    for (int i = 0; i < used(); i++) {
      long end = Words.getLongVolatile(memory, at(i));
      CellRef pipe = decode(end).pipe();
      if (end != 0 && pipe.cell() >= 0 && pipe.cell() < cells) {
        pipes.add(pipe);
      }
    }
    return pipes;
  }

  /// True if somebody may still receive the end.
  static boolean has(Session session, EndRef end) {
    return session.directory().wasSent(end.pipe().cell()) && has(session, end, new HashSet<>());
  }

  /// An end may be in a pipe whose own reading end is in a pipe, and so on, even in a circle that
  /// nobody can reach.
  private static boolean has(Session session, EndRef end, Set<EndRef> visited) {
    if (!visited.add(end)) {
      return false;
    }
    Directory directory = session.directory();
    int cells = directory.cellsUsed();
    for (int cell = 0; cell < cells; cell++) {
      if (directory.is(cell, CellKind.QUEUE)
          || directory.is(cell, CellKind.PIPE)
          || directory.is(cell, CellKind.WORKER)) {
        CellRef ref = directory.ref(cell);
        int unit = Words.getIntAcquire(session.memory(), controlAt(cell)) - 1;
        if (unit >= 0
            && session.units().bears(unit, cell)
            && new InFlight(session, Units.offset(unit)).hasHere(ref, end)
            && isReceivable(session, ref, visited)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean hasHere(CellRef ring, EndRef end) {
    long wanted = encode(end);
    for (int i = 0; i < used(); i++) {
      if (Words.getLongVolatile(memory, at(i)) == wanted
          && isUntaken(ring, Words.getLongVolatile(memory, at(i) + SEQUENCE_AT))) {
        return session.directory().isThere(ring); // asked last: what was read is the ring's
      }
    }
    return false;
  }

  /// True if there may be a message that is not newer. The writer is looked for first: one that is
  /// about to publish what it has noted will have published it, or will be seen here.
  private boolean isUntaken(CellRef ring, long sequence) {
    int writer = LockWord.attach(session, ring, control + RingLayout.WRITER_LOCK_AT).owner();
    long tail = Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT);
    long head = head();
    return head <= sequence
        && (head != tail || (writer != 0 && session.participants().isAlive(writer)));
  }

  private static boolean isReceivable(Session session, CellRef ring, Set<EndRef> visited) {
    EndRef readers = readersOf(session, ring);
    if (readers == null) {
      return true;
    }
    try {
      return !new EndUsers(session, readers).set().isEmpty() || has(session, readers, visited);
    } catch (IllegalStateException e) {
      return false; // freed
    }
  }

  /// The end that receives from a ring of a pipe; null for other rings.
  private static @Nullable EndRef readersOf(Session session, CellRef ring) {
    if (session.directory().hasUserSets(ring.cell())) {
      return new EndRef(ring, EndRef.READERS);
    }
    long body = Directory.body(ring.cell());
    int forth = Words.getIntAcquire(session.memory(), body + RingLayout.CELL_FORTH_AT) - 1;
    if (forth < 0 || forth >= session.directory().cellsUsed()) { // or the cell is another's by now
      return null;
    }
    int generation = Words.getInt(session.memory(), body + RingLayout.CELL_FORTH_GENERATION_AT);
    return new EndRef(new CellRef(ring.session(), forth, generation), EndRef.WRITERS);
  }

  private static long controlAt(int cell) {
    return Directory.body(cell) + RingLayout.CELL_CONTROL_AT;
  }

  private int used() {
    int used = Words.getIntVolatile(memory, control + RingLayout.ENDS_USED_AT);
    return Math.min(Math.max(used, 0), MOST);
  }

  private long head() {
    return Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT);
  }

  private long at(int entry) {
    return control + ENTRIES_AT + (long) entry * ENTRY_BYTES;
  }

  private static long encode(EndRef end) {
    long side = end.side() == EndRef.READERS ? SIDE : 0;
    return (long) end.pipe().generation() << 32 | side | (end.pipe().cell() + 1);
  }

  private EndRef decode(long end) {
    int cell = (int) (end & ~SIDE & 0xFFFF_FFFFL) - 1;
    int side = (end & SIDE) != 0 ? EndRef.READERS : EndRef.WRITERS;
    return new EndRef(new CellRef(session.id(), cell, (int) (end >>> 32)), side);
  }
}
