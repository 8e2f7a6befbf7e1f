package io.procession.process;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What the parent asks of this process while it runs, byte by byte through the pipe that it has from it. The first
/// letter of a level is from where on the library's records go to the standard error.
///
/// What is asked before the task begins waits for it.
class Requests {
  static final int INTERRUPT = 'i';
  static final int STOP = 's';

  /// What its task alone understands: followed by a byte that says how long it is, and by itself.
  static final int ORDER = 'o';

  private final Thread task;

  // guarded by this
  private boolean begun;
  private boolean interrupted;

  private volatile @Nullable Stop stopping; // written under this

  /// @param task the thread that will run the task
  Requests(Thread task) {
    this.task = task;
  }

  /// What it means for this process to stop.
  interface Stop {
    /// Begins to stop. Does not wait.
    void begin();
  }

  /// The wish that this process stops.
  Stop newStop() {
    return new Stopping();
  }

  /// Does what is asked; of what it does not know, nothing.
  synchronized void heed(int request) {
    if (request == INTERRUPT) {
      if (begun) {
        task.interrupt();
      }
      interrupted = true;
    } else if (request == STOP && stopping == null) {
      Stop wanted = newStop();
      stopping = wanted;
      if (begun) {
        wanted.begin();
      }
    } else if (Character.isUpperCase(request)) {
      Level level = Logs.level(request);
      if (level != null) {
        Logs.heed(level);
      }
    }
  }

  /// Called by the task's thread, before the task.
  ///
  /// @return whether it shall be run at all
  synchronized boolean begin() {
    begun = true;
    Stop wanted = stopping;
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
