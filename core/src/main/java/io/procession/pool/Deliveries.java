package io.procession.pool;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The results of a pool whose tasks have been answered and that some thread is about to complete: a
/// pool has not ended before they are done. What depends on them may go on for longer, and may itself
/// end the pool.
final class Deliveries {
  private final Set<AsyncResult<?>> underway = ConcurrentHashMap.newKeySet();

  void begin(AsyncResult<?> result) {
    underway.add(result);
  }

  void end(AsyncResult<?> result) {
    underway.remove(result);
  }

  /// Waits until all that have begun are done.
  void await() throws InterruptedException {
    for (AsyncResult<?> result : underway) {
      result.awaitDone();
    }
  }
}
