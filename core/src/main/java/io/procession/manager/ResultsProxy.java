package io.procession.manager;

import io.procession.internal.posix.Until;
import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.pool.ResultIterator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What callers have of the results of a map at the server: fetches as many at a time as are there, in
/// batches that grow. One that is sent on leaves what it has fetched ahead to whoever gets it.
@SuppressWarnings({"unchecked", "NullAway"}) // the results are what their users say they are
final class ResultsProxy implements ResultIterator<Object>, Departing {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 512;

  private final transient RemoteReference remote;
  private transient List<Object> batch = List.of();
  private transient int next;
  private transient int most = 1;
  private transient boolean isAtEnd;
  private transient boolean isLetGo; // before the end

  ResultsProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    if (next < batch.size()) {
      remote.call("giveBack", new ArrayList<>(batch.subList(next, batch.size())));
    }
    forget();
    return remote.departing();
  }

  private void forget() {
    batch = List.of();
    next = 0;
  }

  @Override
  public boolean hasNext() {
    if (next < batch.size()) {
      return true;
    }
    isAtEnd = isAtEnd || !(boolean) remote.call("hasNext");
    return !isAtEnd;
  }

  @Override
  public Object next() {
    if (!fetched(ResultCalls.FOREVER)) {
      throw new AssertionError("a limit that does not pass has passed");
    }
    return batch.get(next++);
  }

  @Override
  public Object next(Duration limit) throws TimeoutException {
    if (!fetched(Until.nanos(limit))) {
      throw new TimeoutException("no result yet: limit=" + limit);
    }
    return batch.get(next++);
  }

  /// Sees to it that there is a result to take.
  ///
  /// @return false if there is none by then
  private boolean fetched(long nanos) {
    if (next == batch.size() && !isAtEnd) {
      List<Object> fetched = fetch(nanos);
      if (fetched == null) {
        return false;
      }
      batch = fetched;
      next = 0;
      most = Math.min(MOST, 2 * most);
      isAtEnd = batch.isEmpty();
    }
    if (next == batch.size()) {
      throw new NoSuchElementException(
          isLetGo ? "closed: results of " + remote : "all results have been taken");
    }
    return true;
  }

  private List<Object> fetch(long nanos) {
    try {
      return (List<Object>) remote.callInterruptibly("fetch", most, Math.max(nanos, 0));
    } catch (InterruptedException e) { // before it was asked for
      close();
      throw PoolProxy.interrupted(remote, e);
    }
  }

  @Override
  public void close() {
    forget();
    isLetGo |= !isAtEnd;
    isAtEnd = true;
    remote.call("close");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "ResultsProxy[" + remote + "]";
  }
}
