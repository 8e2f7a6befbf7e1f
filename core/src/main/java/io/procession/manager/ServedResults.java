package io.procession.manager;

import io.procession.internal.remote.Leaving;
import io.procession.pool.ResultIterator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The results of a map that callers take one by one, at the server. When nobody has it any more (its
/// callers have died, or forgotten it), what is under way is stopped, as if it had been closed.
final class ServedResults implements ResultCalls, Leaving {
  private static final long PATIENCE_NANOS = 1_000_000;

  /// Keeps it alive as long as there is somebody to fetch its results.
  private final ServedPool pool;

  private final ResultIterator<?> results; // guarded by this

  /// Taken from the iterator, and not handed over or given back. Guarded by this.
  private final ArrayDeque<Got> ahead = new ArrayDeque<>();

  /// What came after results that were to be handed over first.
  private @Nullable RuntimeException failure; // guarded by this

  private volatile boolean isAtEnd;

  private record Got(@Nullable Object result) {}

  ServedResults(ServedPool pool, ResultIterator<?> results) {
    this.pool = pool;
    this.results = results;
  }

  @Override
  public synchronized @Nullable List<@Nullable Object> fetch(int most, long nanos) {
    if (ahead.isEmpty()) {
      throwFailure();
    }
    List<@Nullable Object> batch = new ArrayList<>();
    Portion portion = new Portion();
    long start = System.nanoTime();
    try {
      while (batch.size() < most && (!ahead.isEmpty() || (failure == null && results.hasNext()))) {
        if (ahead.isEmpty()) {
          ahead.add(new Got(next(batch.isEmpty() ? nanos : 0)));
        }
        if (!portion.takes(ahead.getFirst().result)) {
          break;
        }
        batch.add(ahead.removeFirst().result);
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          break; // they are large, perhaps: others come the next time
        }
      }
    } catch (TimeoutException e) {
      return batch.isEmpty() ? null : batch;
    } catch (RuntimeException e) {
      failure = e;
      if (batch.isEmpty()) {
        throwFailure();
      }
    }
    isAtEnd = batch.isEmpty();
    return batch;
  }

  private @Nullable Object next(long nanos) throws TimeoutException {
    return nanos == FOREVER ? results.next() : results.next(Duration.ofNanos(nanos));
  }

  private void throwFailure() {
    RuntimeException thrown = failure;
    failure = null;
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public synchronized boolean hasNext() {
    return !ahead.isEmpty() || failure != null || results.hasNext();
  }

  @Override
  public synchronized void giveBack(List<@Nullable Object> rest) {
    List<@Nullable Object> backwards = new ArrayList<>(rest);
    Collections.reverse(backwards);
    for (Object result : backwards) {
      ahead.addFirst(new Got(result));
    }
  }

  @Override
  public synchronized void close() {
    isAtEnd = true;
    ahead.clear();
    failure = null;
    results.close();
  }

  /// A call may still be about to end, so this does not wait for it.
  @Override
  public void left() {
    if (!isAtEnd) {
      Thread.ofVirtual().name("procession-abandoned-results").start(this::close);
    }
  }

  @Override
  public String toString() {
    return "ResultIterator[" + pool + "]";
  }
}
