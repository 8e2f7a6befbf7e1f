package io.procession.pool;

import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSource;
import io.procession.serial.SerializableFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A worker at a chunk of a map.
///
/// Results are sent together while elements are quick, and at least every 10 ms while more are to
/// come: so the death of the worker costs the element it ran and what was not sent since.
final class ChunkRun {
  private static final long SEND_EVERY_NANOS = 10_000_000;
  private static final long SLOW_NANOS = 1_000_000;

  /// The clock is read after so many quick elements: reading it costs more than some of them.
  private static final int MAX_STRIDE = 16;

  private final WorkerLoop worker;
  private final long task;
  private final boolean isEach;
  private final int from;
  private final int count;

  /// Results from element `unsent` on that have not been sent.
  private @Nullable Object[] results = {};

  private int unsent;

  /// @param isEach whether elements fail each for itself
  /// @param from the first element to run
  ChunkRun(WorkerLoop worker, long task, boolean isEach, int from, int count) {
    this.worker = worker;
    this.task = task;
    this.isEach = isEach;
    this.from = from;
    this.count = count;
    this.unsent = from;
  }

  /// @param in the source, at the function
  /// @param message the message that the source reads
  void run(ByteSource in, byte[] message) {
    SerializableFunction<@Nullable Object, @Nullable Object> function;
    @Nullable Object[] elements;
    try {
      function = WorkerLoop.function(worker.codec().decode(in));
      elements = (@Nullable Object[]) worker.codec().decode(in);
      if (elements == null || elements.length != count) {
        throw new IllegalArgumentException("no chunk of its length: count=" + count);
      }
      results = new @Nullable Object[count - from];
    } catch (Throwable t) {
      worker.sendFailure(task, true, from, count - from, t);
      return;
    } finally {
      MessageRing.decoded(message);
    }
    apply(function, elements);
  }

  private void apply(
      SerializableFunction<@Nullable Object, @Nullable Object> function,
      @Nullable Object[] elements) {
    long looked = System.nanoTime();
    long sent = looked;
    int stride = 1;
    int quick = 0;
    for (int i = from; i < count; i++) {
      worker.noteElement(task, i);
      try {
        results[i - unsent] = function.apply(elements[i]);
      } catch (Throwable t) {
        if (!send(i, false) || !fail(i, t)) {
          return;
        }
      }
      if (++quick >= stride) {
        long now = System.nanoTime();
        stride = now - looked > SLOW_NANOS ? 1 : Math.min(2 * stride, MAX_STRIDE);
        looked = now;
        quick = 0;
        if (now - sent >= SEND_EVERY_NANOS && i + 1 < count) {
          if (!send(i + 1, false)) {
            return;
          }
          sent = now;
        }
      }
    }
    send(count, true);
  }

  /// Says that an element failed.
  ///
  /// @return false if that ends the chunk
  private boolean fail(int element, Throwable failure) {
    boolean isLast = !isEach || element + 1 == count;
    worker.sendFailure(task, isLast, element, 1, failure);
    unsent = element + 1;
    return !isLast;
  }

  /// Sends the results that have not been sent, up to an element.
  ///
  /// @return false if that ended the chunk
  private boolean send(int end, boolean isLast) {
    int length = end - unsent;
    if (length == 0) {
      return true;
    }
    @Nullable Object[] values = length == results.length ? results : Arrays.copyOf(results, length);
    Throwable problem = worker.trySend(task, ResultHeader.VALUES, isLast, unsent, length, values);
    if (problem == null) {
      unsent = end;
      return !isLast;
    }
    return sendSingly(values, end, isLast);
  }

  /// One of the results cannot be sent, or all are too much for one message.
  private boolean sendSingly(@Nullable Object[] values, int end, boolean isLast) {
    int start = unsent;
    for (int i = start; i < end; i++) {
      @Nullable Object[] single = {values[i - start]};
      boolean isVeryLast = isLast && i + 1 == end;
      Throwable problem = worker.trySend(task, ResultHeader.VALUES, isVeryLast, i, 1, single);
      if (problem != null && !fail(i, problem)) {
        return false;
      }
    }
    unsent = end;
    return !isLast;
  }
}
