package io.procession.process;

import org.jspecify.annotations.Nullable;

/// What the parent asks of this process while it runs, byte by byte through its standard input.
///
/// What is asked before the task begins waits for it.
final class Requests {
  static final int INTERRUPT = 'i';
  static final int STOP = 's';

  private final Thread task;

  // guarded by this
  private boolean begun;
  private boolean interrupted;
  private @Nullable Stopping stopping;

  /// @param task the thread that will run the task
  Requests(Thread task) {
    this.task = task;
  }

  /// Does what is asked; of what it does not know, nothing.
  synchronized void heed(int request) {
    if (request == INTERRUPT) {
      if (begun) {
        task.interrupt();
      }
      interrupted = true;
    } else if (request == STOP && stopping == null) {
      stopping = new Stopping();
      if (begun) {
        stopping.begin();
      }
    }
  }

  /// Called by the task's thread, before the task.
  ///
  /// @return whether it shall be run at all
  synchronized boolean begin() {
    begun = true;
    if (stopping != null) {
      stopping.begin();
      return false;
    }
    if (interrupted) {
      task.interrupt();
    }
    return true;
  }

  /// True if this process was asked to stop.
  synchronized boolean isStopping() {
    return stopping != null;
  }
}
