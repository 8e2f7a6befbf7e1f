package io.procession.process;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The thread that waits for a child's end. It is started before the child: where no thread can be
/// had there is no process either, and never one that nobody watches.
final class Reaper implements Runnable {
  private final Thread thread;
  private volatile @Nullable Child child;
  private volatile boolean isDismissed;

  private Reaper(String name, boolean daemon) {
    this.thread = new Thread(null, this, "procession-reaper-" + name, 0, false);
    this.thread.setDaemon(daemon);
  }

  /// Starts the thread, which keeps this JVM alive unless the child is a daemon: a normal end of the
  /// parent joins its children. The caller then either calls [#watch] or [#dismiss].
  static Reaper start(String name, boolean daemon) {
    Reaper reaper = new Reaper(name, daemon);
    reaper.thread.start();
    return reaper;
  }

  /// From here on the child is waited for.
  void watch(Child started) {
    child = started;
    LockSupport.unpark(thread);
  }

  /// There is no child.
  void dismiss() {
    isDismissed = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    Child started = child;
    while (started == null && !isDismissed) {
      LockSupport.park(this);
      started = child;
    }
    if (started != null) {
      started.reap();
    }
  }
}
