package io.procession.process;

import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Says that a process that is a thread goes on though it was asked to end, and where it is: nothing can
/// end it, and who waits for it would not know why.
final class HeedsNoStop {
  private static final int MOST_FRAMES = 30;

  private HeedsNoStop() {}

  static void tell(String name, Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    if (stack.length == 0) {
      return; // it has ended just now
    }
    StringBuilder text = new StringBuilder(512);
    text.append("a process that is a thread was asked to end and runs on: process=").append(name);
    text.append(", after=").append(Duration.ofNanos(ThreadStop.GRACE_NANOS));
    text.append(
        "; it ends when its task waits, returns or calls JvmProcess.checkExit(), and with spawn");
    text.append(" it would have been ended. It is at");
    for (int i = 0; i < stack.length && i < MOST_FRAMES; i++) {
      text.append(System.lineSeparator()).append("  ").append(stack[i]);
    }
    try {
      LibraryLogger.of("io.procession.process").log(Level.WARNING, text.toString());
    } catch (RuntimeException | Error e) {
      // the thread that says this is the one that tells of the process's end
    }
  }
}
