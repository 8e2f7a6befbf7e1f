package io.procession.pool;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Whose turn it is in this worker: the task that its thread runs, and what is asked of that task from
/// outside. What is asked of a task never hits another.
///
/// ```
/// IDLE --run--> the task's number --pause--> IDLE      the worker's thread
///                 ^           |
///                 +-- HELD <--+  heed: interrupts      whoever hears or finds what is asked
/// ```
///
/// It runs in a young JVM.
final class Turn {
  /*
   * Who asks stores `ask` and then looks at `running`; who runs a task stores `running` and then looks
   * at `ask`; both are volatile. So one of them sees the other, and what comes before its task has begun
   * is not lost. The thread leaves a task only from its number, not from HELD: so an interrupt is
   * either given before the end, and cleared by it, or not at all.
   */

  /// The part of a task that is all of it.
  static final int WHOLE = -1;

  private static final long IDLE = 0;
  private static final long HELD = -1;

  /// @param task the number of a task
  /// @param part the element of a chunk that shall end, or [#WHOLE]
  private record Ask(long task, int part) {}

  private final AtomicLong running = new AtomicLong(IDLE);
  private final Thread thread;
  private volatile @Nullable Ask ask;
  private volatile @Nullable Ask heeded;

  // of the worker's thread; others see them behind `running`
  private long task;
  private int element;
  private int attempt;
  private int triedElement;

  /// @param thread the thread that runs tasks
  Turn(Thread thread) {
    this.thread = thread;
  }

  Thread thread() {
    return thread;
  }

  /// The next task is this one. It does not run yet.
  ///
  /// @param attempts how often it has been begun, this time too
  /// @param tried the element of which that is true, 0 for a task that is no chunk
  void enter(long number, int attempts, int tried) {
    attempt = attempts;
    triedElement = tried;
    element = 0;
    task = number;
  }

  /// From here on code of the user runs, for the task that was entered.
  void run(int part) {
    element = part;
    running.set(task);
    Ask asked = ask;
    if (asked != null) {
      heed(asked);
    }
  }

  /// The next element of a chunk that goes on running.
  void pass(int part) {
    element = part;
  }

  /// No code of the user runs from here on, and what interrupts it has left does not count.
  void pause() {
    while (!running.compareAndSet(task, IDLE)) {
      Thread.onSpinWait(); // for as long as an interrupt takes
    }
    var _ = Thread.interrupted();
  }

  /// Ends a task, or an element of a chunk, if it runs, or as soon as it does; one that has ended is none
  /// the worse for it. Called by any thread.
  ///
  /// @param part the element, or [#WHOLE]
  void end(long number, int part) {
    Ask asked = new Ask(number, part);
    ask = asked;
    heed(asked);
  }

  /// Who finds the task held leaves what it asks to the one who holds it, and looks again then.
  @SuppressWarnings("ReferenceEquality") // it is heeded once, and asked once
  private void heed(Ask first) {
    Ask latest = first;
    while (latest != null && running.compareAndSet(latest.task, HELD)) {
      Ask asked = latest;
      if (heeded != asked && (asked.part == WHOLE || asked.part == element)) {
        heeded = asked;
        thread.interrupt();
      }
      running.set(asked.task);
      latest = ask == asked ? null : ask;
    }
  }

  /// The number of the task that was entered last, 0 if none was.
  long task() {
    return task;
  }

  /// How often what runs now has been begun, this time too.
  int attempt() {
    return element == triedElement ? attempt : 1;
  }

  /// True if the code of a task runs, or is just being interrupted.
  boolean isRunning(long number) {
    return task == number && running.get() != IDLE;
  }

  /// True if a task was asked to end, or the element of it that runs.
  boolean isAsked(long number) {
    Ask asked = heeded;
    return asked != null && asked.task == number && (asked.part == WHOLE || asked.part == element);
  }

  /// True if the task that was entered last was asked to end as a whole.
  boolean isEnding() {
    Ask asked = heeded;
    return asked != null && asked.task == task && asked.part == WHOLE;
  }
}
