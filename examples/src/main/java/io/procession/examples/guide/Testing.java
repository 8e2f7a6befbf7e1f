package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.junit.CrashPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableRunnable;

/// What a test does that lets a process die at a chosen place.
public final class Testing {
  private Testing() {}

  public static void main(String[] args) throws Exception {
    Part.of("death", Testing::death);
  }

  // [points]
  enum Transfer implements CrashPoint {
    TAKEN,
    GIVEN
  }

  // [end]

  private static void death() throws InterruptedException {
    // [death]
    var lock = Procession.lock();
    var mine = Procession.rawValue(100L);
    var yours = Procession.rawValue(0L);
    SerializableRunnable transfer =
        () -> {
          lock.lock();
          try {
            mine.set(mine.get() - 30);
            Transfer.TAKEN.reach();
            yours.set(yours.get() + 30);
            Transfer.GIVEN.reach();
          } finally {
            lock.unlock();
          }
        };
    for (Transfer point : Transfer.values()) {
      mine.set(100L);
      yours.set(0L);
      var doomed = LaunchOptions.defaults().withSystemProperty(CrashPoint.PROPERTY, point.kill());
      var clerk = JvmProcess.of("clerk", doomed, transfer);
      clerk.start();
      clerk.join();
      lock.lock(); // the dead clerk's lock goes to the next
      try {
        long sum = mine.get() + yours.get();
        System.out.println(clerk.exitCode().getAsInt() + " at " + point + ": " + sum);
      } finally {
        lock.unlock();
      }
    }
    // [end]
    lock.destroy();
    mine.destroy();
    yours.destroy();
  }
}
