package io.procession.process;

import java.util.ArrayList;
import java.util.List;

/// The platform threads of a process that is a thread: a group, to which those belong that its threads
/// start. Its virtual threads are nowhere to be found.
final class LocalThreads extends ThreadGroup {
  private volatile boolean isQuiet;

  LocalThreads(String name) {
    super(top(), name);
  }

  private static ThreadGroup top() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /// From here on no thread that ends because it was asked to is reported.
  void keepQuietAboutExits() {
    isQuiet = true;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    if (!(isQuiet && ChildMain.isOfStop(failure))) {
      super.uncaughtException(thread, failure);
    }
  }

  /// Those that are not the library's, and the first one too.
  List<Thread> users() {
    List<Thread> users = new ArrayList<>(all());
    users.removeIf(Stopping::isOurs);
    return users;
  }

  /// Those that keep the process alive.
  List<Thread> living() {
    List<Thread> living = users();
    living.removeIf(Thread::isDaemon);
    return living;
  }

  List<Thread> all() {
    return List.of(Threads.in(this));
  }
}
