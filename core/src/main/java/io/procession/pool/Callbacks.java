package io.procession.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The callbacks of one result, and where they stand among those of others.
///
/// ```
/// given --the result has come, and is about to be known--> in the lane --it is known--> run
/// ```
///
/// They are in the lane, and their place is left to those behind, before the future is completed: that runs its
/// stages, which may take long, wait for a callback, or close the pool, which waits for callbacks.
final class Callbacks<R extends @Nullable Object> {
  private final CallbackLane lane;
  private final AsyncResult<R> result;

  /// Those that have not run, in the order in which they were given. Each takes the first that is left when its
  /// turn has come: several threads may hand them over.
  private final Queue<BiConsumer<? super R, ? super @Nullable Throwable>> left =
      new ConcurrentLinkedQueue<>();

  /// Given and not in the lane.
  private int kept; // guarded by this

  private boolean isKnown; // guarded by this

  /// From when the result has come.
  private volatile CallbackLane.@Nullable Place place;

  Callbacks(CallbackLane lane, AsyncResult<R> result) {
    this.lane = lane;
    this.result = result;
  }

  /// Has one run when the result is known.
  ///
  /// @return false if the result has to tell when it is
  boolean add(BiConsumer<? super R, ? super @Nullable Throwable> callback) {
    lane.expect();
    left.add(callback);
    synchronized (this) {
      if (!isKnown) {
        kept++;
        return false;
      }
    }
    lane.run(this::runNext, place);
    return true;
  }

  /// The result has come, but is not decoded. Who says so will say [#settled], too.
  void arrived() {
    place = lane.arrive();
  }

  /// The result is about to be known, or is.
  void known() {
    synchronized (this) {
      isKnown = true;
    }
    while (takeKept()) {
      boolean isThere = false;
      try {
        lane.add(this::runNext, place);
        isThere = true;
      } finally {
        if (!isThere) {
          keepAgain(); // for want of memory: a stage tries again
        }
      }
    }
    settled();
  }

  private synchronized boolean takeKept() {
    boolean isAny = kept > 0;
    kept -= isAny ? 1 : 0;
    return isAny;
  }

  private synchronized void keepAgain() {
    kept++;
  }

  /// Nobody waits behind this any more.
  void settled() {
    CallbackLane.Place own = place;
    if (own != null) {
      lane.settled(own);
    }
  }

  private void runNext() {
    result.tell(left.remove());
  }
}
