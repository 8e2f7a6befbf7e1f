package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Interruption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Ends this process as its parent has asked: lets its threads know, gives them a grace, and exits.
///
/// A thread of this kind keeps the JVM from ending in any other way meanwhile: the exit code is that
/// of SIGTERM, whatever became of the task.
final class Stopping extends Thread implements Interruption.Stop {
  /*
   * A thread is to hear of the stop by a ProcessExit, once; a wait of the JDK's ends by an interrupt
   * instead. Both are one to the thread: what comes first must not leave the other behind, to hit the
   * `finally` blocks. So interrupts are given under the monitor of `told`, to those not told yet; and
   * who is told clears its status under it.
   */
  /// As after SIGTERM: 128 + 15.
  static final int EXIT = 143;

  private static final long GRACE_MILLIS = 2_000;
  private static final String OURS = "procession-";
  private static final String JVM_WAITING = "DestroyJavaVM";

  private static volatile @Nullable Stopping current;

  private final Set<Thread> told = new HashSet<>(); // guarded by itself

  Stopping() {
    super(null, null, "procession-stop", 0, false);
  }

  /// Throws if this process was asked to stop.
  static void check() {
    Stopping stopping = current;
    if (stopping != null) {
      stopping.tell(Thread.currentThread());
      throw new ProcessExit();
    }
  }

  /// Begins to stop; at once and without a grace if there can be no thread for that.
  void begin() {
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
    if (!thread.getName().startsWith(OURS) && tell(thread)) {
      throw new ProcessExit();
    }
  }

  private boolean tell(Thread thread) {
    synchronized (told) {
      boolean isNew = told.add(thread);
      if (isNew) {
        var _ = Thread.interrupted();
      }
      return isNew;
    }
  }

  @Override
  public void run() {
    long deadline = System.nanoTime() + GRACE_MILLIS * 1_000_000;
    ChildMain.keepQuietAboutExits();
    Interruption.stop(this);
    interruptAll();
    if (Session.isOpen()) {
      Session.current().waiting().ringSelf();
    }
    awaitAll(deadline);
    Interruption.stop(null); // hooks wait as ever
    current = null;
    System.exit(EXIT);
  }

  private void interruptAll() {
    for (Thread thread : others()) {
      synchronized (told) {
        if (!told.contains(thread)) {
          thread.interrupt();
        }
      }
    }
  }

  private static void awaitAll(long deadline) {
    List<Thread> running = others();
    while (!running.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      try {
        running.getFirst().join(left);
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
      String name = thread.getName();
      if (!thread.isDaemon() && !name.startsWith(OURS) && !name.equals(JVM_WAITING)) {
        others.add(thread);
      }
    }
    return others;
  }
}
