package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.LocalProcess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ends this process as its parent has asked: lets its threads know, gives them a grace, and exits.
///
/// A thread of this kind keeps the JVM from ending in any other way meanwhile: the exit code is that
/// of SIGTERM, whatever became of the task.
final class Stopping extends Thread implements Interruption.Stop, Requests.Stop {
  /// As after SIGTERM: 128 + 15.
  static final int EXIT = 143;

  private static final long GRACE_MILLIS = 2_000;
  private static final String OURS = "procession-";

  /// The name of a thread that has nothing to do but to wait for the others.
  static final String JVM_WAITING = "DestroyJavaVM";

  private static final long LOOK_MILLIS = 20;

  private static volatile @Nullable Stopping current;

  private final Told told = new Told();

  Stopping() {
    super(null, null, "procession-stop", 0, false);
  }

  /// Throws if this process was asked to stop.
  static void check() {
    LocalProcess here = LocalProcess.current();
    ThreadStop local = here == null ? null : here.find(ThreadStop.class);
    if (local != null) {
      local.check();
    }
    Stopping stopping = current;
    if (stopping != null) {
      stopping.told.tell(Thread.currentThread());
      throw new ProcessExit();
    }
  }

  /// Whether a thread is one of the library's, or of the JVM's, which hear of no stop.
  static boolean isOurs(Thread thread) {
    String name = thread.getName();
    return name.startsWith(OURS) || name.equals(JVM_WAITING);
  }

  /// Begins to stop; at once and without a grace if there can be no thread for that.
  @Override
  public void begin() {
    current = this;
    setDaemon(false);
    try {
      start();
    } catch (OutOfMemoryError e) {
      System.exit(EXIT);
    }
  }

  @Override
  public void tell() {
    Thread thread = Thread.currentThread();
    if (!isOurs(thread) && told.tell(thread)) {
      throw new ProcessExit();
    }
  }

  @Override
  public void run() {
    long deadline = System.nanoTime() + GRACE_MILLIS * 1_000_000;
    ChildMain.keepQuietAboutExits();
    Interruption.stop(this);
    told.interrupt(others());
    if (Session.isOpen()) {
      Session.ofJvm().waiting().ringSelf();
    }
    awaitAll(deadline);
    Interruption.stop(null); // hooks wait as ever
    current = null;
    System.exit(EXIT);
  }

  private static void awaitAll(long deadline) {
    List<Thread> running = others();
    while (!running.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      try {
        // not at once for as long as it lives: it may have become one that only waits
        running.getFirst().join(Math.min(left, LOOK_MILLIS));
      } catch (InterruptedException e) {
        return; // somebody is in a hurry
      }
      running = others();
    }
  }

  /// The threads that keep this JVM alive, but for those of the library.
  private static List<Thread> others() {
    List<Thread> others = new ArrayList<>();
    for (Thread thread : Threads.all()) {
      if (!thread.isDaemon() && !isOurs(thread)) {
        others.add(thread);
      }
    }
    return others;
  }
}
