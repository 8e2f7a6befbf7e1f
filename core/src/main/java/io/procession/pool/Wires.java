package io.procession.pool;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;

/// What a pool shares with one worker: a ring for tasks, one for results, and the worker's board.
///
/// All three are cells of the pool's process, which it frees after the worker's death; should it
/// die itself, whoever buries it frees them.
///
/// @param tasks what the worker is to do, [TaskLayout]
/// @param results what comes back, [ResultHeader]
/// @param board what it tells of itself, [BoardLayout]
record Wires(MessageRing tasks, MessageRing results, CellRef board) {
  private static final RingLimits NO_LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, Long.MAX_VALUE, RingLimits.AtLimit.THROW);

  static Wires open(Session session, String name) {
    Directory directory = session.directory();
    CellRef board = directory.ref(directory.allocate(CellKind.WORKER, name));
    MessageRing tasks = null;
    boolean done = false;
    try {
      tasks = MessageRing.create(session, CellKind.WORKER, name, NO_LIMITS, false);
      MessageRing results = MessageRing.create(session, CellKind.WORKER, name, NO_LIMITS, false);
      done = true;
      return new Wires(tasks.forOneReader(), results.forOneReader(), board);
    } finally {
      if (!done) {
        directory.free(board);
        if (tasks != null) {
          tasks.destroy();
        }
      }
    }
  }

  /// The same, as a worker finds it.
  static Wires attach(Session session, CellRef tasks, CellRef results, CellRef board) {
    session.directory().check(board, CellKind.WORKER);
    return new Wires(
        MessageRing.attach(session, tasks, CellKind.WORKER).forOneReader(),
        MessageRing.attach(session, results, CellKind.WORKER).forOneReader(),
        board);
  }

  void free(Session session) {
    tasks.destroy();
    results.destroy();
    session.directory().free(board);
  }
}
