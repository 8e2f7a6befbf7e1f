package io.procession.queue;

/// Thrown by a queue that was shut down: at once by whatever inserts, and by whatever takes once
/// nothing is left.
///
/// It is the same in all processes, and final: see [SharedQueue#shutdown].
public final class QueueShutDownException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  QueueShutDownException(String queue) {
    super("the queue was shut down: queue=" + queue);
  }
}
