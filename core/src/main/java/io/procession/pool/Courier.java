package io.procession.pool;

import io.procession.serial.ByteSink;

/// The way to one worker and back, as the dispatcher needs it.
interface Courier {
  /// What [#recall] returns when the worker has taken all. Numbers of tasks begin at 1.
  long NONE = 0;

  /// Sends a task. Not called by two threads at once.
  void send(ByteSink message);

  /// Takes back the oldest task that was sent and that the worker has not taken.
  ///
  /// @return its number, or [#NONE]
  long recall();

  /// How many tasks the worker has taken, and those that were recalled, since its start.
  long taken();

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
