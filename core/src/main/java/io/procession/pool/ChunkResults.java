package io.procession.pool;

import io.procession.internal.posix.Until;
import io.procession.process.ProcessExit;
import io.procession.serial.Codec;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The results of a map whose inputs are read and sent by the thread that asks for results, a bounded
/// number ahead of what it has taken.
final class ChunkResults<R extends @Nullable Object> implements ResultIterator<R> {
  private static final long FILL_NANOS = Chunking.TARGET_NANOS;

  private final String pool;
  private final Codec codec;
  private final ChunkFlow flow;
  private final Chunking chunking;
  private final Inputs inputs;
  private final Runnable atEnd;

  /// Results that have been taken from their answer, from `taken` on.
  private @Nullable Object[] values = {};

  private int taken;
  private long sent;

  /// An answer without results, and what is told of its elements from `told` on.
  private ChunkJob.@Nullable Arrival failed;

  private @Nullable RuntimeException failure;
  private int told;

  private boolean closed;

  /// Whether its user has closed it, or what he was thrown.
  private boolean isLetGo;

  private boolean isRefused;

  /// What is thrown after the results of all that was sent: the pool takes no more, or the inputs failed.
  private @Nullable RuntimeException last;

  /// @param pool its name
  /// @param flow of chunks whose elements fail each for itself
  /// @param atEnd what is done when the last result has been taken
  ChunkResults(
      String pool, Codec codec, ChunkFlow flow, Chunking chunking, Inputs inputs, Runnable atEnd) {
    this.pool = pool;
    this.codec = codec;
    this.flow = flow;
    this.chunking = chunking;
    this.inputs = inputs;
    this.atEnd = atEnd;
    fill();
    if (last != null && isRefused && flow.elements() == 0) {
      throw last;
    }
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      return false;
    }
    if (isHeld() || flow.elements() > 0 || last != null || hasInput() || last != null) {
      return true;
    }
    closed = true;
    atEnd.run();
    return false;
  }

  @Override
  public R next() {
    if (!advance(Until.FOREVER)) {
      throw new AssertionError("a deadline that does not pass has passed");
    }
    return take();
  }

  @Override
  public R next(Duration limit) throws TimeoutException {
    if (!advance(Until.after(limit))) {
      throw new TimeoutException("no result yet: limit=" + limit);
    }
    return take();
  }

  @Override
  public void close() {
    isLetGo |= !closed;
    closed = true;
    flow.cancel(true);
    values = new @Nullable Object[0];
    taken = 0;
    failed = null;
  }

  /// Sees to it that there is an outcome to take.
  ///
  /// @return false if there is none by the deadline
  private boolean advance(long deadline) {
    if (!hasNext()) {
      throw new NoSuchElementException(
          isLetGo ? "closed: results of pool=" + pool : "all results have been taken");
    }
    while (!isHeld()) {
      fill();
      if (last != null && flow.elements() == 0) {
        closed = true;
        throw last;
      }
      ChunkJob.Arrival arrival = await(deadline);
      if (arrival == null) {
        return false;
      }
      open(arrival);
    }
    return true;
  }

  private boolean isHeld() {
    return taken < values.length || failed != null;
  }

  private R take() {
    ChunkJob.Arrival arrival = failed;
    RuntimeException thrown = failure;
    if (arrival != null && thrown != null) {
      Answer answer = arrival.answer();
      int element = told++;
      if (told == answer.from() + answer.count()) {
        failed = null;
      }
      throw arrival.failureOf(element, thrown);
    }
    Object value = values[taken];
    values[taken++] = null;
    return ProcessPool.cast(value);
  }

  private void open(ChunkJob.Arrival arrival) {
    Answer answer = arrival.answer();
    try {
      values = Answer.values(answer, codec);
      taken = 0;
    } catch (ProcessExit e) {
      throw e; // this process is a thread, and was told to end
    } catch (RuntimeException e) {
      fail(arrival, e);
    } catch (Error e) { // of the heap, or of what a class does as it is read
      fail(arrival, new TaskException("a result cannot be read here: " + e, e));
    }
  }

  /// Each of what came with it has that for its outcome.
  private void fail(ChunkJob.Arrival arrival, RuntimeException thrown) {
    failed = arrival;
    failure = thrown;
    told = arrival.answer().from();
  }

  /// Inputs are read until there is no room for more; or, from a slow source, until there is a result.
  private void fill() {
    boolean done = false;
    try {
      long since = System.nanoTime();
      while (last == null && flow.hasRoom() && hasInput()) {
        send();
        if (flow.hasArrived() && System.nanoTime() - since > FILL_NANOS) {
          break;
        }
      }
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private void send() {
    @Nullable Object[] chunk;
    try {
      chunk = inputs.next(chunking);
    } catch (RuntimeException e) {
      last = e;
      return;
    }
    try {
      flow.send(chunk, sent, false);
      sent += chunk.length;
    } catch (IllegalStateException e) {
      last = e; // what has been sent is done all the same, and handed out
      isRefused = true;
    }
  }

  /// What the inputs throw comes in its place, after what was read before; but for errors.
  private boolean hasInput() {
    boolean done = false;
    try {
      boolean isThere = inputs.hasNext();
      done = true;
      return isThere;
    } catch (RuntimeException e) {
      done = true;
      last = e;
      return false;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private ChunkJob.@Nullable Arrival await(long deadline) {
    try {
      return flow.next(deadline);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw Maps.interrupted(pool);
    }
  }
}
