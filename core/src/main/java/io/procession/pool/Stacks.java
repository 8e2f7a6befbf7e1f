package io.procession.pool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker can say of itself at a moment: its heap, and what its threads are at.
final class Stacks {
  private static final int MOST_FRAMES = 200;
  private static final long KIB = 1024;
  private static final int INITIAL_CAPACITY = 4096;

  private Stacks() {}

  /// All platform threads, that of the tasks first, in the form of thread dumps. Virtual threads cannot be
  /// enumerated.
  static String now(Turn turn) {
    Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
    StringBuilder text = new StringBuilder(INITIAL_CAPACITY);
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    text.append("pid ").append(ProcessHandle.current().pid());
    text.append(", heap ").append(used / KIB).append(" KiB of ");
    text.append(runtime.maxMemory() / KIB).append(" KiB\n");
    Thread main = turn.thread();
    append(text, main, all.get(main));
    for (Map.Entry<Thread, StackTraceElement[]> entry : all.entrySet()) {
      if (!entry.getKey().equals(main)) {
        append(text, entry.getKey(), entry.getValue());
      }
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, Thread thread, StackTraceElement @Nullable [] stack) {
    text.append("\n\"").append(thread.getName()).append("\" ").append(thread.getState());
    text.append(thread.isDaemon() ? " daemon\n" : "\n");
    for (int i = 0; stack != null && i < Math.min(stack.length, MOST_FRAMES); i++) {
      text.append("\tat ").append(stack[i].toString()).append('\n');
    }
  }
}
