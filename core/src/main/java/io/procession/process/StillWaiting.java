package io.procession.process;

import io.procession.internal.check.Property;
import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;

/// Says for whom this JVM still waits when an exception has ended its main thread: who sees the exception
/// and a program that goes on takes that for a hang.
///
/// What is thrown is told as it would be without this. A thread that has a handler of its own keeps that.
final class StillWaiting implements Thread.UncaughtExceptionHandler {
  private static final String MAIN = "main"; // as HotSpot names the thread of a program
  private static final long PATIENCE_NANOS =
      Property.nanos("procession.still.waiting.millis", 3_000);

  private final Thread.UncaughtExceptionHandler before;

  private StillWaiting(Thread.UncaughtExceptionHandler before) {
    this.before = before;
  }

  /// Begins to listen, if the calling thread is the main one.
  static void listen() {
    Thread thread = Thread.currentThread();
    if (thread.getName().equals(MAIN)
        && thread.getUncaughtExceptionHandler() instanceof ThreadGroup group) {
      thread.setUncaughtExceptionHandler(new StillWaiting(group));
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    try {
      before.uncaughtException(thread, failure);
    } finally {
      Thread.ofPlatform().daemon().name("procession-still-waiting").start(StillWaiting::tell);
    }
  }

  private static void tell() {
    long begin = System.nanoTime();
    long left = PATIENCE_NANOS;
    while (left > 0) {
      LockSupport.parkNanos(StillWaiting.class, left);
      left = begin + PATIENCE_NANOS - System.nanoTime();
    }
    StringBuilder names = new StringBuilder();
    for (Child child : CurrentProcess.ofJvm().runningChildren()) {
      if (!child.isDaemon()) {
        names.append(names.isEmpty() ? "" : ", ").append(child.name());
        names.append(" (pid ").append(child.pid()).append(')');
      }
    }
    if (!names.isEmpty()) {
      LibraryLogger.of("io.procession.process")
          .log(
              Level.WARNING,
              "main has ended by an exception, and this JVM still waits for its processes: "
                  + names
                  + "; it ends when they have. To have them ended with it, make them daemons:"
                  + " setDaemon(true) before their start");
    }
  }
}
