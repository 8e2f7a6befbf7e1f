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
}
