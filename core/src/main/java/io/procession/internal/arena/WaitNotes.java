package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What threads of all processes have been waiting for, for whoever looks for deadlocks: a table of
/// slots, one for each wait that has lasted a while.
///
/// ```
/// 0   who          int   0: free; -participant: being written; participant: it waits. The one truth
/// 4   cell         int   the cell of the lock
/// 8   thread       long  the thread's number in its process
/// 16  generation   int   of the cell
/// 20  turn         int   goes up with each wait that uses the slot
/// 24  name length  int   bytes of UTF-8 that follow
/// 28  name               the thread's, at most 36 bytes
/// ```
///
/// ```
///      claim (CAS)         written (release)
/// 0 -----------------> -p --------------------> p
/// ^                    |                        |
/// +--- burial (CAS) ---+--- forget (release), or burial (CAS)
/// ```
public final class WaitNotes {
  /// Bytes of a slot, one cache line.
  static final int SLOT_BYTES = 64;

  /// What [#put] answers when there is no room: the wait is not to be seen.
  public static final int NONE = -1;

  /// False while a model tries all orders of steps: notes decide nothing.
  public static final boolean ARE_TAKEN = !Steps.ARE_WATCHED;

  private static final long CELL_AT = 4;
  private static final long THREAD_AT = 8;
  private static final long GENERATION_AT = 16;
  private static final long TURN_AT = 20;
  private static final long NAME_LENGTH_AT = 24;
  private static final long NAME_AT = 28;
  private static final int MAX_NAME_BYTES = 36;

  private final MemorySegment memory;
  private final int self;

  WaitNotes(MemorySegment memory, int self) {
    this.memory = memory;
    this.self = self;
  }

  /// A wait, as it was noted.
  ///
  /// @param slot where
  /// @param turn tells it from other waits noted there
  /// @param participant whose thread waits
  /// @param thread the thread's number
  /// @param name the thread's name, perhaps empty
  /// @param cell the lock's
  /// @param generation the cell's
  public record Note(
      int slot, int turn, int participant, long thread, String name, int cell, int generation) {}

  /// Notes that the calling thread waits for a lock.
  ///
  /// @return what [#remove] needs
  public int put(CellRef lock) {
    int slot = claim();
    if (slot != NONE) {
      Thread thread = Thread.currentThread();
      long at = at(slot);
      byte[] name = Names.encode(thread.getName(), MAX_NAME_BYTES);
      Words.setInt(memory, at + CELL_AT, lock.cell());
      Words.setLong(memory, at + THREAD_AT, thread.threadId());
      Words.setInt(memory, at + GENERATION_AT, lock.generation());
      Words.setInt(memory, at + TURN_AT, Words.getInt(memory, at + TURN_AT) + 1);
      Words.setInt(memory, at + NAME_LENGTH_AT, name.length);
      Words.copyIn(name, 0, memory, at + NAME_AT, name.length);
      Words.setIntRelease(memory, at, self);
      FailPoint.WAIT_NOTED.reach();
    }
    return slot;
  }

  /// Forgets a wait, which is over.
  public void remove(int slot) {
    if (slot != NONE) {
      Words.setIntRelease(memory, at(slot), 0);
      FailPoint.WAIT_FORGOTTEN.reach();
      if (slot < Words.getIntVolatile(memory, HeaderLayout.NOTES_CURSOR_AT)) {
        Words.setIntVolatile(memory, HeaderLayout.NOTES_CURSOR_AT, slot);
      }
    }
  }

  /// What is noted at this moment, in no order; the dead's too.
  public List<Note> all() {
    List<Note> notes = new ArrayList<>();
    for (int slot = 0; slot < used(); slot++) {
      long at = at(slot);
      int who = Words.getIntVolatile(memory, at);
      if (who > 0) {
        notes.add(
            new Note(
                slot,
                Words.getIntVolatile(memory, at + TURN_AT),
                who,
                Words.getLongVolatile(memory, at + THREAD_AT),
                name(at),
                Words.getIntVolatile(memory, at + CELL_AT),
                Words.getIntVolatile(memory, at + GENERATION_AT)));
      }
    }
    return notes;
  }

  /// True if the wait has not ended since it was read.
  public boolean isStillThere(Note note) {
    long at = at(note.slot);
    return Words.getIntVolatile(memory, at + TURN_AT) == note.turn
        && Words.getLongVolatile(memory, at + THREAD_AT) == note.thread
        && Words.getIntVolatile(memory, at + CELL_AT) == note.cell
        && Words.getIntVolatile(memory, at) == note.participant
        && Words.getIntVolatile(memory, at + TURN_AT) == note.turn;
  }

  /// How many slots are in use at this moment; counted anew at each call.
  public int inUse() {
    int claimed = 0;
    for (int slot = 0; slot < used(); slot++) {
      claimed += Words.getIntVolatile(memory, at(slot)) != 0 ? 1 : 0;
    }
    return claimed;
  }

  /// Frees what a dead participant has noted. Only for who buries it: the row is still its own.
  void release(int dead) {
    for (int slot = 0; slot < used(); slot++) {
      int who = Words.getIntVolatile(memory, at(slot));
      if ((who == dead || who == -dead) && Words.compareAndSetInt(memory, at(slot), who, 0)) {
        FailPoint.WAIT_BURIED.reach();
      }
    }
  }

  private int claim() {
    int cursor = Words.getIntVolatile(memory, HeaderLayout.NOTES_CURSOR_AT);
    int from = cursor >= 0 && cursor < HeaderLayout.NOTES ? cursor : 0;
    for (int i = 0; i < HeaderLayout.NOTES; i++) {
      int slot = (from + i) % HeaderLayout.NOTES;
      if (Words.getIntVolatile(memory, at(slot)) == 0) {
        raiseUsed(slot + 1);
        if (Words.compareAndSetInt(memory, at(slot), 0, -self)) {
          FailPoint.WAIT_CLAIMED.reach();
          Words.setIntVolatile(memory, HeaderLayout.NOTES_CURSOR_AT, slot + 1);
          return slot;
        }
      }
    }
    return NONE;
  }

  private String name(long at) {
    int length = Words.getIntVolatile(memory, at + NAME_LENGTH_AT);
    byte[] bytes = new byte[Math.min(Math.max(length, 0), MAX_NAME_BYTES)];
    Words.copyOut(memory, at + NAME_AT, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int used() {
    int used = Words.getIntVolatile(memory, HeaderLayout.NOTES_USED_AT);
    return Math.min(Math.max(used, 0), HeaderLayout.NOTES);
  }

  private void raiseUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.NOTES_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.NOTES_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.NOTES_USED_AT);
    }
  }

  private static long at(int slot) {
    return HeaderLayout.NOTES_AT + (long) slot * SLOT_BYTES;
  }
}
