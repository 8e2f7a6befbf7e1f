package io.procession.pool;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.LocalProcess;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The task of a pool that runs in this worker, for the code that runs in it.
///
/// ```java
/// pool.map(path -> {
///   for (var page : pages(path)) {
///     Task.current().checkCancelled();
///     read(page);
///   }
///   return path;
/// }, paths);
/// ```
///
/// A worker runs one task at a time. Methods may be called by any thread of it; what a task has left
/// behind should not ask: it would be told of another task.
public final class Task {
  private static volatile @Nullable Turn turn;
  private static volatile @Nullable ProgressReports reports;

  private final Turn of;
  private final long number;
  private final int attempt;

  private Task(Turn of, long number, int attempt) {
    this.of = of;
    this.number = number;
    this.attempt = attempt;
  }

  /// Says whose turn it is in this process, which is a worker.
  ///
  /// @param to where progress goes, null for nowhere
  static void isTakenFrom(Turn worker, @Nullable ProgressReports to) {
    LocalProcess here = LocalProcess.current();
    if (here == null) {
      reports = to;
      turn = worker;
    } else {
      if (to != null) {
        here.put(ProgressReports.class, to);
      }
      here.put(Turn.class, worker);
    }
  }

  /// The task that this worker runs; of a chunk of a map, the element.
  ///
  /// @return the task
  /// @throws IllegalStateException if this process is no worker of a pool, or has not begun a task
  public static Task current() {
    LocalProcess here = LocalProcess.current();
    Turn known = here == null ? turn : here.find(Turn.class);
    long number = known == null ? 0 : known.task();
    if (known == null || number == 0) {
      throw new IllegalStateException(
          "only a task of a pool has a current task: pid="
              + ProcessHandle.current().pid()
              + "; call it in the function that the pool runs");
    }
    return new Task(known, number, known.attempt());
  }

  /// How often this task has been begun, this time too: 1 unless its worker died and the pool may run
  /// it again.
  ///
  /// @return the number, from 1
  public int attempt() {
    return attempt;
  }

  /// True if the task shall end: it was cancelled, or its deadline has passed. Its thread was
  /// interrupted, too, so waits have ended already; a task that computes asks here now and then. One
  /// that does not end is killed after a grace.
  ///
  /// @return whether it shall end
  public boolean isCancelled() {
    return of.isAsked(number);
  }

  /// Ends the task if it shall end.
  ///
  /// @throws CancellationException if it was cancelled
  public void checkCancelled() {
    if (isCancelled()) {
      throw new CancellationException("the task was asked to end");
    }
  }

  /// Tells the pool how far the task is, as [#progress(double, String)] does without a note.
  ///
  /// @param fraction how much is done, from 0 to 1
  public void progress(double fraction) {
    progress(fraction, null);
  }

  /// Tells the pool how far the task is: its listeners hear of it, and deadlines begin anew if the options of
  /// the task say so. May be called as often as one likes: at most 50 in a second are passed on, and always
  /// the first with 1 after others. Nothing is told once the task has ended. Does not wait.
  ///
  /// @param fraction how much is done, from 0 to 1
  /// @param note what it is at, for people; null for nothing
  /// @throws IllegalArgumentException if it is no fraction
  public void progress(double fraction, @Nullable String note) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "fraction must be from 0 to 1: fraction="
              + fraction
              + "; give the part of the work that is done");
    }
    LocalProcess here = LocalProcess.current();
    ProgressReports to = here == null ? reports : here.find(ProgressReports.class);
    if (to != null && of.isRunning(number)) {
      to.report(number, fraction, note);
    }
  }

  /// A logger for what tasks have to say, named `io.procession.task`; its records go where those of the library
  /// go.
  ///
  /// @return the logger
  public System.Logger logger() {
    return LibraryLogger.of("io.procession.task");
  }

  /// The number of the attempt, for people.
  @Override
  public String toString() {
    return "Task[number=" + number + ", attempt=" + attempt + "]";
  }
}
