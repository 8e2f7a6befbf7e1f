package io.procession.process;

import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Zombies;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Reaps orphans of the tree where this process inherits them: as process 1 of a container, say.
///
/// The JDK waits for the processes that this JVM has started, each with a thread of its own, and for
/// no others. Somebody's child that it did not start is told from one that it is about to reap by
/// time: what is dead in three looks in a row, a second apart, nobody waits for.
final class OrphanReaper implements Runnable {
  private static final long LOOK_EVERY_NANOS = 1_000_000_000;

  private OrphanReaper() {}

  /// Begins, if orphans come here.
  static void startIfNeeded() {
    if (Zombies.areInherited()) {
      Thread.ofPlatform().daemon().name("procession-orphans").start(new OrphanReaper());
    }
  }

  @Override
  public void run() {
    Set<ProcessIdentity> once = new HashSet<>();
    Set<ProcessIdentity> twice = Set.of();
    while (true) {
      LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
      Set<ProcessIdentity> now = Zombies.now();
      for (ProcessIdentity zombie : now) {
        if (twice.contains(zombie)) {
          Zombies.reap(zombie);
        }
      }
      once.retainAll(now);
      twice = once;
      once = now;
    }
  }
}
