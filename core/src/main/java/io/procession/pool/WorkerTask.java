package io.procession.pool;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.serial.Task;

/// What a worker's process runs: it serves until it is told to leave, and then ends, also if tasks
/// have left threads behind. Plain numbers, since these are the first bytes that a child decodes.
record WorkerTask(
    long session,
    int tasks,
    int tasksGeneration,
    int results,
    int resultsGeneration,
    int board,
    int boardGeneration)
    implements Task {

  static WorkerTask of(Wires wires) {
    CellRef tasks = wires.tasks().ref();
    CellRef results = wires.results().ref();
    return new WorkerTask(
        tasks.session(),
        tasks.cell(),
        tasks.generation(),
        results.cell(),
        results.generation(),
        wires.board().cell(),
        wires.board().generation());
  }

  @Override
  @SuppressWarnings("SystemExitOutsideMain") // this is the main of the worker
  public void run() {
    int code = 1;
    try {
      Session current = Session.current();
      Wires wires =
          Wires.attach(
              current,
              new CellRef(session, tasks, tasksGeneration),
              new CellRef(session, results, resultsGeneration),
              new CellRef(session, board, boardGeneration));
      new WorkerLoop(current, wires).serve();
      code = 0;
    } catch (Throwable t) {
      Thread.currentThread()
          .getUncaughtExceptionHandler()
          .uncaughtException(Thread.currentThread(), t);
    } finally {
      System.exit(code);
    }
  }
}
