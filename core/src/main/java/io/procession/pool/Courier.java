package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.concurrent.CompletableFuture;

/// The way to one worker and back, as the dispatcher needs it.
interface Courier {
  /// What [#recall] returns when the worker has taken all. Numbers of tasks begin at 1.
  long NONE = 0;

  /// What it returns when the worker has been at its ring for a second: it is stopped.
  long STUCK = -1;

  /// Sends a task. Not called by two threads at once.
  void send(ByteSink message);

  /// Takes back the oldest task that was sent and that the worker has not taken.
  ///
  /// @return its number, [#NONE] or [#STUCK]
  long recall();

  /// How many tasks the worker has taken, and those that were recalled, since its start.
  long taken();

  /// True if the worker has come so far as to take tasks.
  boolean isReady();

  /// What the worker's board says of the element that it runs; 0 if the worker is gone.
  long board();

  /// Lets the worker begin no other element of a chunk that is watched: what [#board] says from now on is the
  /// last that it has begun, until it is let go.
  void hold();

  /// Lets it go on after [#hold].
  void letGo();

  /// Interrupts a task that the worker runs, and no other; one that it has and has not begun, when it
  /// begins.
  ///
  /// @param part the element of a chunk, 0 for another task, or [Turn#WHOLE]
  void end(long task, int part);

  /// Asks the worker for its stacks. The future is completed by who reads its results, with an empty text if
  /// the worker dies first; it may never be, if the worker is stopped.
  CompletableFuture<String> tell();

  /// Ends the worker by force.
  void kill();

  /// Tells the worker to leave when it has done what it has been given.
  void dismiss();

  /// Has another worker be started that will take this one's place. Does not wait.
  void relieve();

  /// Has a larger worker be started. Does not wait.
  void enlarge();

  /// Lets a caller who reads the results look whether its task is still there.
  void nudge();

  /// Makes sure that somebody reads the worker's results, if any are to come.
  void attend();

  /// Reads the worker's results until a task is answered, unless somebody else reads them or the
  /// task is there no more. For platform threads.
  ///
  /// @param deadline of [System#nanoTime()]
  void help(CallJob job, long deadline) throws InterruptedException;

  /// The worker's name, for messages.
  String worker();
}
