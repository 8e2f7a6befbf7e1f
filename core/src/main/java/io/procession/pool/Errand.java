package io.procession.pool;

import io.procession.serial.ByteSink;

/// Something to be done at a worker's ring, by the thread that has it: the desk is busy until then.
sealed interface Errand {
  Desk desk();

  /// A task is to be sent.
  ///
  /// @param message what is sent, as it was when the task was claimed: one that ends drops its own
  record Delivery(Desk desk, Job job, ByteSink message) implements Errand {}

  /// What the worker has not begun is to be taken back.
  record Recall(Desk desk) implements Errand {}

  /// The worker is to leave.
  record Dismissal(Desk desk) implements Errand {}

  /// The worker is to be killed if it is still at a task, and nothing else is hit.
  record Ending(Desk desk, Job job, Doom doom) implements Errand {}

  /// A larger worker is to be started, for tasks that have run out of memory. The desk is that of any worker.
  record Enlargement(Desk desk) implements Errand {}

  /// Another worker is to be started for its place. Its desk is not busy with that.
  record Relief(Desk desk) implements Errand {}
}
