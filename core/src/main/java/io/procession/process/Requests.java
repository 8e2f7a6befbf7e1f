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

  private volatile @Nullable Stopping stopping; // written under this

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
      Stopping wanted = new Stopping();
      stopping = wanted;
      if (begun) {
        wanted.begin();
      }
    }
  }

  /// Called by the task's thread, before the task.
  ///
  /// @return whether it shall be run at all
  synchronized boolean begin() {
    begun = true;
    Stopping wanted = stopping;
    if (wanted != null) {
      wanted.begin();
      return false;
    }
    if (interrupted) {
      task.interrupt();
    }
    return true;
  }

  /// True if this process was asked to stop. Asked by a hook of the JVM, too, so it waits for nobody.
  boolean isStopping() {
    return stopping != null;
  }
}
