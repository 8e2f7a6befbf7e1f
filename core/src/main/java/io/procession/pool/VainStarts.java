package io.procession.pool;

import io.procession.process.DeathCertificate;

/// Counts workers that end before they take a task, to tell a pool that cannot work from one that is
/// unlucky.
///
/// A worker that ends by itself so early will do so again: a wrong flag, a missing class. One that
/// was killed says nothing about the next, whoever killed it; but if it goes on and on (the kernel is
/// short of memory, say), those who wait must hear of it some time.
final class VainStarts {
  static final int MOST = 5;
  static final int MOST_KILLED = 100;

  private int ended;
  private int killed;

  /// A worker had come so far as to take tasks.
  synchronized void reset() {
    ended = 0;
    killed = 0;
  }

  /// A worker could not be started.
  synchronized void add() {
    ended++;
  }

  /// A worker has ended before it took a task.
  synchronized void add(DeathCertificate certificate) {
    String signal = certificate.signal();
    if ("SIGKILL".equals(signal) || "SIGTERM".equals(signal)) {
      killed++;
    } else {
      ended++;
    }
  }

  /// True if another start would be in vain too.
  synchronized boolean isHopeless() {
    return ended >= MOST || killed >= MOST_KILLED;
  }
}
