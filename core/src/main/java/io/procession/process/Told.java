package io.procession.process;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The threads that have heard that their process shall stop.
final class Told {
  /*
   * A thread is to hear of the stop by a ProcessExit, once; a wait of the JDK's ends by an interrupt
   * instead. Both are one to the thread: what comes first must not leave the other behind, to hit the
   * `finally` blocks. So interrupts are given under this monitor, to those not told yet; and who is
   * told clears its status under it.
   */
  private final Set<Thread> threads = new HashSet<>(); // guarded by this

  /// Tells the calling thread.
  ///
  /// @return whether it had not been told
  synchronized boolean tell(Thread self) {
    boolean isNew = threads.add(self);
    if (isNew) {
      var _ = Thread.interrupted();
    }
    return isNew;
  }

  /// Interrupts those that have not been told.
  void interrupt(List<Thread> all) {
    for (Thread thread : all) {
      synchronized (this) {
        if (!threads.contains(thread)) {
          thread.interrupt();
        }
      }
    }
  }
}
