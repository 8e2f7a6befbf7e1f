package io.procession.pool;

import io.procession.process.DeathCertificate;
import org.jspecify.annotations.Nullable;

/// Counts starts of workers that were in vain since one was last ready for tasks, to tell a pool that
/// cannot work from one that is unlucky.
///
/// A worker that ends by itself before it takes a task will do so again: a wrong flag, a missing
/// class. One that was killed says nothing about the next, whoever killed it; and that none can be
/// started may pass (too many processes, too little memory). But if it goes on and on, those who wait
/// must hear of it some time.
final class VainStarts {
  static final int MOST = 5;
  static final int MOST_FAILED = 3;
  static final int MOST_REFUSED = 8;
  static final int MOST_KILLED = 20;

  private int ended;
  private int failed;
  private int refused;
  private int killed;

  /// A worker is ready for tasks, or was.
  synchronized void reset() {
    ended = 0;
    failed = 0;
    refused = 0;
    killed = 0;
  }

  /// A worker could not be started.
  synchronized void addRefused() {
    refused++;
  }

  /// A worker has ended because the initializer failed.
  synchronized void addFailed() {
    failed++;
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

  /// Why another start would be in vain too.
  ///
  /// @param places how many workers there should be: they all fail at about the same time
  /// @return null if there is hope
  synchronized @Nullable String verdict(int places) {
    if (failed >= MOST_FAILED * places) {
      return "its initializer fails";
    }
    if (ended >= MOST * places || killed >= MOST_KILLED * places) {
      return "its workers die before they take a task";
    }
    return refused >= MOST_REFUSED * places ? "its workers cannot be started" : null;
  }
}
