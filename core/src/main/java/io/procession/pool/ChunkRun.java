package io.procession.pool;

import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSource;
import io.procession.serial.SerializableFunction;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A worker at a chunk of a map.
///
/// Results are sent together while elements are quick, and behind the element with which 10 ms of work
/// lie unsent: so the death of the worker costs the element it ran and less work than that.
final class ChunkRun {
  private static final long SEND_EVERY_NANOS = 10_000_000;
  private static final long SLOW_NANOS = 1_000_000;

  /// The clock is read after so many quick elements where one that fails ends the chunk: reading it costs
  /// more than some of them. Where each is for itself, finished ones are not to wait behind a slow one.
  private static final int MAX_STRIDE = 16;

  private final WorkerLoop worker;
  private final Turn turn;
  private final long task;
  private final boolean isEach;
  private final boolean isWatched;
  private final boolean isGrowing;
  private final int from;
  private final int count;

  /// Results from element `unsent` on that have not been sent.
  private @Nullable Object[] results = {};

  private int unsent;

  /// When the work on them began: with reading the chunk, and behind each message.
  private long since = System.nanoTime();

  /// Whether code of the user runs, as far as others can know.
  private boolean isRunning;

  /// @param word kind and flags of the message, as [TaskLayout] has them
  /// @param from the first element to run
  ChunkRun(WorkerLoop worker, long task, int word, int from, int count) {
    this.worker = worker;
    this.turn = worker.turn();
    this.task = task;
    this.isEach = TaskLayout.kind(word) == TaskLayout.EACH;
    this.isWatched = TaskLayout.isWatched(word);
    this.isGrowing = TaskLayout.isGrowing(word);
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
    int longest = isEach ? 1 : MAX_STRIDE;
    int stride = 1;
    int quick = 0;
    for (int i = from; i < count; i++) {
      begin(i);
      try {
        results[i - unsent] = function.apply(elements[i]);
      } catch (Throwable t) {
        pause();
        if (!send(i, false) || !fail(i, t)) {
          return;
        }
      }
      if (isWatched) {
        pause(); // what is asked of this element is not to hit the next
      }
      if (turn.isEnding() && i + 1 < count) {
        pause();
        worker.sendFailure(task, true, unsent, count - unsent, new CancellationException());
        return;
      }
      if (++quick >= stride) {
        long now = System.nanoTime();
        stride = now - looked > SLOW_NANOS ? 1 : Math.min(2 * stride, longest);
        looked = now;
        quick = 0;
        if (now - since >= SEND_EVERY_NANOS && i + 1 < count) {
          pause();
          if (!send(i + 1, false)) {
            return;
          }
        }
      }
    }
    pause();
    send(count, true);
  }

  private void begin(int element) {
    if (isWatched) {
      worker.board().passTo(task, element);
    } else {
      worker.board().noteElement(task, element);
    }
    if (isRunning) {
      turn.pass(element);
    } else {
      turn.run(element);
      isRunning = true;
    }
  }

  private void pause() {
    if (isRunning) {
      turn.pause();
      isRunning = false;
    }
  }

  /// Says that an element failed.
  ///
  /// @return false if that ends the chunk
  private boolean fail(int element, Throwable failure) {
    boolean isLast =
        !isEach || element + 1 == count || (isGrowing && WorkerLoop.isOutOfMemory(failure));
    worker.sendFailure(task, isLast, element, 1, failure);
    unsent = element + 1;
    since = System.nanoTime();
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
    Throwable problem =
        worker.trySend(task, ResultHeader.VALUES, isLast, unsent, length, values, since);
    if (problem == null) {
      unsent = end;
      since = System.nanoTime();
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
      Throwable problem = worker.trySend(task, ResultHeader.VALUES, isVeryLast, i, 1, single, 0);
      if (problem != null && !fail(i, problem)) {
        return false;
      }
    }
    unsent = end;
    since = System.nanoTime();
    return !isLast;
  }
}
