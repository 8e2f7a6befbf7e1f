package io.procession.process;

/// The platform threads of this JVM.
final class Threads {
  private static final int MORE = 8; // that may come between count and list

  private Threads() {}

  /// Those that run.
  static Thread[] all() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return in(group);
  }

  /// Those of a group, and of groups within it.
  static Thread[] in(ThreadGroup group) {
    while (true) {
      Thread[] threads = new Thread[group.activeCount() + MORE];
      int count = group.enumerate(threads, true);
      if (count < threads.length) {
        Thread[] all = new Thread[count];
        System.arraycopy(threads, 0, all, 0, count);
        return all;
      }
    }
  }
}
