package io.procession.pool;

import io.procession.serial.Codec;
import io.procession.serial.SerializableFunction;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The results of `imapUnordered`, each as soon as it is there.
///
/// Inputs are read and sent by the thread that asks for results, a bounded number ahead of what it
/// has taken. To close it takes back what no worker has begun; one that was read to its end need not
/// be closed. Not for use by several threads at once.
///
/// @param <R> the type of the results
public final class ResultIterator<R extends @Nullable Object>
    implements Iterator<R>, AutoCloseable {
  private final ProcessPool pool;
  private final Dispatcher dispatcher;
  private final Codec codec;
  private final SerializableFunction<?, ?> function;
  private final Iterator<?> inputs;
  private final int chunkSize;
  private final int window;

  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Set<ChunkJob> underway = new HashSet<>();
  private long expected;
  private @Nullable Object[] values = {};
  private int taken;
  private boolean closed;
  private @Nullable IllegalStateException refusal;

  /// @param window how many chunks may be under way or waiting to be taken
  ResultIterator(
      ProcessPool pool,
      Dispatcher dispatcher,
      Codec codec,
      SerializableFunction<?, ?> function,
      Iterator<?> inputs,
      int chunkSize,
      int window) {
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.function = function;
    this.inputs = inputs;
    this.chunkSize = chunkSize;
    this.window = window;
    boolean done = false;
    try {
      fill();
      if (refusal != null && expected == 0) {
        throw refusal;
      }
      done = true;
    } finally {
      if (!done) {
        close(); // nobody will ask for what has been sent
      }
    }
  }

  /// True if more results are to come. Does not wait for one, but may read an input.
  @Override
  public boolean hasNext() {
    return !closed && (expected > 0 || refusal != null || inputs.hasNext());
  }

  /// Waits for a result.
  ///
  /// @return the next result, of any input
  /// @throws TaskException if the task of one input failed; the results of others can be had by
  ///     further calls
  /// @throws NoSuchElementException if there are no more
  /// @throws CancellationException if the thread is interrupted while it waits, and stays so; or if
  ///     the pool was terminated
  /// @throws io.procession.serial.NotSendableException if an input cannot be sent; those of its
  ///     chunk are passed over
  /// @throws IllegalStateException once, after the last result, if the pool was closed before all
  ///     inputs had been sent
  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all results have been taken");
    }
    while (taken == values.length) {
      fill();
      if (refusal != null && expected == 0) {
        closed = true;
        throw refusal;
      }
      values = await();
      taken = 0;
    }
    expected--;
    Object value = values[taken];
    values[taken++] = null;
    return ProcessPool.cast(value);
  }

  /// Takes back what no worker has begun, and forgets the rest.
  @Override
  public void close() {
    closed = true;
    for (ChunkJob chunk : underway) {
      dispatcher.cancel(chunk);
    }
    underway.clear();
    arrivals.clear();
    values = new @Nullable Object[0];
    taken = 0;
    expected = 0;
  }

  private void fill() {
    while (refusal == null && underway.size() < window && inputs.hasNext()) {
      @Nullable Object[] chunk = new @Nullable Object[chunkSize];
      int count = 0;
      while (count < chunkSize && inputs.hasNext()) {
        chunk[count++] = inputs.next();
      }
      submit(count == chunkSize ? chunk : Arrays.copyOf(chunk, count));
    }
  }

  private void submit(@Nullable Object[] chunk) {
    long id = dispatcher.nextId();
    ChunkJob job =
        new ChunkJob(
            id,
            TaskLayout.chunk(id, TaskLayout.EACH, codec, function, chunk),
            0,
            chunk.length,
            true,
            arrivals);
    try {
      dispatcher.submit(job, false);
    } catch (IllegalStateException e) {
      refusal = e; // what has been sent is done all the same, and handed out
      return;
    }
    underway.add(job);
    expected += chunk.length;
  }

  private @Nullable Object[] await() {
    ChunkJob.Arrival arrival;
    try {
      arrival = arrivals.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw pool.interrupted();
    }
    Answer answer = arrival.answer();
    if (answer.from() + answer.count() >= arrival.chunk().count()) {
      underway.remove(arrival.chunk());
    }
    boolean done = false;
    try {
      @Nullable Object[] results = Answer.values(answer, codec);
      done = true;
      return results;
    } finally {
      if (!done) {
        expected -= answer.count();
      }
    }
  }
}
