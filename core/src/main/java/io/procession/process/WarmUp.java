package io.procession.process;

import io.procession.connection.Pipe;
import io.procession.internal.arena.Membership;
import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.Task;
import io.procession.sync.SharedLock;
import java.io.IOException;

/// The life of a spare until it is told what process it is: it does once what is costly the first
/// time, and then waits.
///
/// Between two steps it looks whether its order is there already, so that a spare in the midst of its
/// preparation is hardly slower than a child that was started in its place: by one step at most.
final class WarmUp {
  private static final int STEPS = 5;

  private final Membership self;
  private final SpareRecord spare;
  private final SpareOrder order;

  private WarmUp(Membership self, SpareRecord spare) {
    this.self = self;
    this.spare = spare;
    this.order = new SpareOrder(Session.current(), spare.order());
  }

  /// Prepares and waits.
  ///
  /// @return the launch record of the process that this spare becomes
  static byte[] awaitRecord(Membership self, SpareRecord spare) throws IOException {
    CurrentProcess.enterSpare();
    WarmUp warmUp = new WarmUp(self, spare);
    warmUp.prepare();
    SpareOrder order = warmUp.order;
    order.await();
    return self.read(order.record(), order.length());
  }

  private void prepare() {
    for (int step = 0; step < STEPS; step++) {
      if (order.state() == SpareOrder.ORDERED) {
        return;
      }
      try {
        take(step);
      } catch (InterruptedException e) {
        throw new AssertionError(e); // nobody knows this thread
      } catch (Exception | LinkageError e) {
        // what is wrong with it the task will meet, and say
      }
    }
    order.ready();
  }

  private void take(int step) throws Exception {
    switch (step) {
      case 0 -> runTask();
      case 1 -> load();
      case 2 -> useArena();
      case 3 -> sendThroughPipe();
      default -> TrainingTask.sendEverydayValues();
    }
  }

  /// Everything between the order and the task.
  private void runTask() throws Exception {
    Task nothing = () -> {};
    ByteSink record = LaunchRecord.write("", "", true, "", "", new byte[0], nothing);
    LaunchRecord.address(record, self.participant());
    LaunchRecord.read(record.toByteArray(), self.participant()).task().run();
    self.notePhase(0);
  }

  private void load() {
    for (String name : spare.initialized()) {
      load(name, true);
    }
    for (String name : spare.linked()) {
      load(name, false);
    }
  }

  private static void load(String name, boolean initialize) {
    try {
      Class<?> type = Class.forName(name, initialize, ClassLoader.getSystemClassLoader());
      var _ = type.getDeclaredMethods(); // links it
    } catch (ClassNotFoundException | LinkageError e) {
      // the task will meet it, and say so
    }
  }

  private static void useArena() throws InterruptedException {
    SharedLock lock = SharedLock.create();
    lock.lock();
    try {
      lock.isLocked();
    } finally {
      lock.unlock();
    }
    lock.destroy();
    TrainingTask.useArena();
  }

  private static void sendThroughPipe() throws IOException, InterruptedException {
    Pipe pipe = Pipe.duplex();
    pipe.second().send("warm");
    var _ = pipe.first().recv();
    pipe.first().close();
    pipe.second().close();
  }
}
