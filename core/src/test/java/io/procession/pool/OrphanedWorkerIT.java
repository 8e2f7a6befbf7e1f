package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.crash.Base;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.testing.Halting;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The process that has a pool is killed, and a worker lives on for a while.
@Timeout(120)
class OrphanedWorkerIT {
  private final Base base = Base.now();

  /// What the worker shares with its dead parent is nobody else's until the worker is dead, too.
  @Test
  void itsMemoryIsItsOwnUntilItsEnd() throws Exception {
    SharedQueue<Long> workers = SharedQueue.create();
    JvmProcess owner =
        JvmProcess.of(() -> {
          try (ProcessPool pool = ProcessPool.open(1)) {
            workers.put(pool.apply(() -> ProcessHandle.current().pid()));
            Thread.currentThread().join();
          }
        });
    owner.start();
    long worker = workers.take();
    Halting.stop(worker); // so it does not see its parent's end
    int made = cellsOfWorkers();
    assertThat(made).isPositive();
    owner.kill();
    owner.join();
    owner.close();
    assertThat(cellsOfWorkers()).as("behind the burial of the owner").isEqualTo(made);
    ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
    workers.destroy();
    base.awaitAgain();
  }

  private static int cellsOfWorkers() {
    Directory directory = Session.current().directory();
    return (int)
        IntStream.range(0, directory.cellsUsed())
            .filter(cell -> directory.is(cell, CellKind.WORKER))
            .filter(cell -> directory.isThere(directory.ref(cell)))
            .count();
  }
}
