package io.procession.pool;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.LocalProcess;
import io.procession.process.ProcessExit;
import io.procession.serial.SerializableRunnable;
import org.jspecify.annotations.Nullable;

/// What a worker's process runs: it serves until it is told to leave, and then ends, also if tasks
/// have left threads behind.
///
/// It is sent as a lambda with an array of numbers, not as a record: a young JVM decodes a lambda,
/// which the first task is anyway, without spinning the method handles that a record's constructor
/// needs.
final class WorkerTask {
  private static final int REFERENCES = 3;
  private static final int FRESH_AT = 3 * REFERENCES;

  private WorkerTask() {}

  static SerializableRunnable of(Wires wires, PoolOptions options) {
    @Nullable SerializableRunnable initializer = options.initializer();
    CellRef tasks = wires.tasks().ref();
    CellRef results = wires.results().ref();
    CellRef board = wires.board();
    long[] numbers = {
      tasks.session(),
      tasks.cell(),
      tasks.generation(),
      results.session(),
      results.cell(),
      results.generation(),
      board.session(),
      board.cell(),
      board.generation(),
      options.isolation() == Isolation.CLASS_LOADER ? 1 : 0,
    };
    return () -> run(numbers, initializer);
  }

  private static void run(long[] numbers, @Nullable SerializableRunnable initializer) {
    int code = 1;
    boolean isStopped = false;
    try {
      Session current = Session.current();
      Wires wires =
          Wires.attach(
              current,
              reference(numbers, 0),
              reference(numbers, REFERENCES),
              reference(numbers, 2 * REFERENCES));
      WorkerLoop loop = new WorkerLoop(current, wires, numbers[FRESH_AT] == 1);
      if (initializer != null) {
        loop.prepare(initializer);
      }
      loop.serve();
      code = 0;
    } catch (ProcessExit e) {
      isStopped = true; // who was asked for it sees to the exit
      throw e;
    } catch (Throwable t) {
      Thread.currentThread()
          .getUncaughtExceptionHandler()
          .uncaughtException(Thread.currentThread(), t);
    } finally {
      if (!isStopped) {
        LocalProcess.exit(code);
      }
    }
  }

  private static CellRef reference(long[] numbers, int at) {
    return new CellRef(numbers[at], (int) numbers[at + 1], (int) numbers[at + 2]);
  }
}
