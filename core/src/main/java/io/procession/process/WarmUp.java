package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.SerializableRunnable;
import java.io.IOException;

/// The life of a spare until it is told what process it is: it does once what is costly the first
/// time, and then waits.
///
/// Between two steps it looks whether its order is there already, so that a spare in the midst of its
/// preparation is hardly slower than a child that was started in its place: by one step at most.
final class WarmUp {
  private static final int STEPS = 7;

  /// How long all initializers together may take; and how long once there is an order.
  private static final long SLOW_NANOS = 10_000_000_000L;

  private static final long PATIENCE_NANOS = 2_000_000_000;
  private static final long LOOK_MILLIS = 5;

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
      case 2 -> TrainingTask.useLock();
      case 3 -> TrainingTask.useArena();
      case 4 -> TrainingTask.sendThroughPipe();
      case 5 -> TrainingTask.sendEverydayValues();
      default -> TrainingTask.sendException();
    }
  }

  /// Everything between the order and the task.
  private void runTask() throws Exception {
    SerializableRunnable nothing = () -> {};
    ByteSink record = LaunchRecord.write("", "", true, "", "", new byte[0], nothing);
    LaunchRecord.address(record, self.participant());
    LaunchRecord.read(record.toByteArray(), self.participant()).task().run();
    self.notePhase(0);
  }

  /// An initializer that hangs keeps nothing but its own thread: who uses its class will find that out.
  private void load() throws InterruptedException {
    if (!spare.initialized().isEmpty()) {
      Thread thread = new Thread(null, new Preloading(spare), "procession-preload", 0, true);
      thread.setDaemon(true);
      thread.start();
      awaitPreloaded(thread);
    }
    for (String name : spare.linked()) {
      load(name, false);
    }
  }

  private void awaitPreloaded(Thread thread) throws InterruptedException {
    long now = System.nanoTime();
    long deadline = now + SLOW_NANOS;
    boolean isOrdered = false;
    while (thread.isAlive() && deadline - now > 0) {
      thread.join(LOOK_MILLIS);
      now = System.nanoTime();
      if (!isOrdered && order.state() == SpareOrder.ORDERED) {
        isOrdered = true;
        deadline = Math.min(deadline - now, PATIENCE_NANOS) + now;
      }
    }
  }

  private static final class Preloading implements Runnable {
    private final SpareRecord spare;

    Preloading(SpareRecord spare) {
      this.spare = spare;
    }

    @Override
    public void run() {
      for (String name : spare.initialized()) {
        try {
          load(name, true);
        } catch (Error e) {
          // likewise
        }
      }
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
}
