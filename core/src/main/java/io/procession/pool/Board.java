package io.procession.pool;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// What a worker and its pool tell each other without a message: the worker's board, from both ends
/// ([BoardLayout] has its words, and why one end sees what the other has stored).
///
/// The worker's end runs in a young JVM.
final class Board {
  /// How often to look whether it is let go.
  private static final long HELD_NANOS = 50_000;

  private final Session session;
  private final MemorySegment memory;
  private final long readyAt;
  private final long elementAt;
  private final long heldAt;

  // Of the pool's end: the cell is another's once the worker is buried.
  private boolean isClosed; // guarded by this
  private volatile boolean wasReady;
  private boolean wasGrown; // of who reads the worker's results

  Board(Session session, CellRef board) {
    this.session = session;
    this.memory = session.memory();
    this.readyAt = BoardLayout.readyAt(board.cell());
    this.elementAt = BoardLayout.elementAt(board.cell());
    this.heldAt = BoardLayout.heldAt(board.cell());
  }

  // The worker's end.

  /// It waits for tasks from now on.
  void sayReady() {
    Words.setLongOpaque(memory, readyAt, BoardLayout.READY);
  }

  /// It wakes others from now on.
  void sayGrown() {
    Words.setLongOpaque(memory, readyAt, BoardLayout.GROWN);
  }

  /// Wakes those who wait at the board: nobody does, but the native call for it is linked then.
  void wakeNobody() {
    session.waiting().wake(readyAt, 1);
  }

  /// It begins an element of a chunk, or a task that is none.
  void noteElement(long task, int element) {
    if (session.isOver()) {
      return; // the pool has given this thread up, and the board to others
    }
    Words.setLongOpaque(memory, elementAt, BoardLayout.element(task, element));
  }

  /// As [#noteElement], for one that is watched: not as long as the pool holds this worker, which is about to be
  /// killed then, or let go.
  void passTo(long task, int element) {
    long before = Words.getLongOpaque(memory, elementAt);
    noteElement(task, element);
    VarHandle.fullFence();
    while (Words.getLongOpaque(memory, heldAt) != 0) {
      Words.setLongOpaque(memory, elementAt, before);
      while (Words.getLongOpaque(memory, heldAt) != 0) {
        LockSupport.parkNanos(this, HELD_NANOS);
      }
      noteElement(task, element);
      VarHandle.fullFence();
    }
  }

  // The pool's end.

  /// Whether the worker waits for tasks, or has; true also if it has died since.
  boolean isReady() {
    return wasReady || readReady();
  }

  private synchronized boolean readReady() {
    if (!isClosed && !wasReady) {
      wasReady = Words.getLongOpaque(memory, readyAt) != 0;
    }
    return wasReady;
  }

  /// Whether the worker wakes who sleeps at its ring. By one thread at a time, which keeps the board from being
  /// closed.
  boolean isGrown() {
    if (!wasGrown) {
      wasGrown = Words.getLongOpaque(memory, readyAt) == BoardLayout.GROWN;
    }
    return wasGrown;
  }

  /// What it runs, [BoardLayout#elementOf]; 0 if the board is closed.
  synchronized long element() {
    return isClosed ? 0 : Words.getLongOpaque(memory, elementAt);
  }

  /// Lets the worker begin no other element that is watched: what [#element] says from now on is the last that it
  /// has begun, until it is let go.
  void hold() {
    setHeld(1);
    VarHandle.fullFence();
  }

  void letGo() {
    setHeld(0);
  }

  private synchronized void setHeld(long word) {
    if (!isClosed) {
      Words.setLongOpaque(memory, heldAt, word);
    }
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /// The cell may be freed: the pool looks at it no more.
  synchronized void close() {
    isClosed = true;
  }
}
