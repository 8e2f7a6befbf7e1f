package io.procession.pool;

import java.util.ArrayDeque;

/// The tasks that one worker has been given and has not done, oldest first: it works on the first,
/// and the others lie in its ring. Guarded by the dispatcher's lock, but for [#load].
final class Desk {
  final Courier courier;
  final ArrayDeque<Job> tasks = new ArrayDeque<>();

  /// Somebody puts into its ring, or takes back from it: nobody else may.
  boolean isBusy;

  /// The worker has died.
  boolean isGone;

  /// Tasks that the worker has done.
  long finished;

  /// Tasks that were taken back.
  long recalled;

  /// When it was last given something to do, counted in tasks of the pool.
  long used;

  private volatile int load;

  Desk(Courier courier) {
    this.courier = courier;
  }

  /// How many tasks it has; may be read without the lock.
  int load() {
    return load;
  }

  void noteLoad() {
    load = tasks.size();
  }
}
