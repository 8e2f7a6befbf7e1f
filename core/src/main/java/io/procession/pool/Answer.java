package io.procession.pool;

import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.LargeArrays;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// What comes back for a task, or for some elements of a chunk.
sealed interface Answer {

  /// The first element it is about, 0 for a task that is no chunk.
  int from();

  /// How many elements it is about, 1 for a task that is no chunk.
  int count();

  /// The result, decoded in the thread that calls this.
  ///
  /// @throws TaskException if there is none because something failed
  /// @throws CancellationException if the pool ended first
  @Nullable Object value(Codec codec);

  /// Whether it is about the last of its elements alone, if it is a failure: those before it have not failed.
  default boolean isOfLast() {
    return count() == 1;
  }

  /// What is told of one of its elements instead of a result.
  ///
  /// @param thrown what [#value] has thrown
  default RuntimeException failureOf(int element, RuntimeException thrown) {
    return thrown;
  }

  /// Adds what it shows of how long elements take and how large they are.
  default void measure(Pace pace) {}

  /// The results in an answer about elements of a chunk; throws as [#value] does.
  static @Nullable Object[] values(Answer answer, Codec codec) {
    @Nullable Object[] values = (@Nullable Object[]) answer.value(codec);
    if (values == null || values.length != answer.count()) {
      throw new IllegalStateException("no results of a chunk: count=" + answer.count());
    }
    return values;
  }

  /// A worker's message.
  final class Sent implements Answer {
    private final ResultHeader header;
    private final byte[] message;
    private final @Nullable LargeArrays arrays;
    private final Job job;
    private final String worker;

    /// @param message the whole message, its header too, but for its long arrays
    /// @param arrays these, null if there are none
    /// @param job what it answers
    /// @param worker the name of the worker, for messages
    Sent(
        ResultHeader header, byte[] message, @Nullable LargeArrays arrays, Job job, String worker) {
      this.header = header;
      this.message = message;
      this.arrays = arrays;
      this.job = job;
      this.worker = worker;
    }

    @Override
    public int from() {
      return header.from();
    }

    @Override
    public int count() {
      return header.count();
    }

    @Override
    public void measure(Pace pace) {
      long bytes = message.length + (arrays == null ? 0L : arrays.bytes());
      pace.received(header.count(), bytes);
      if (header.nanos() > 0) {
        pace.took(header.count(), header.nanos());
      }
    }

    @Override
    public @Nullable Object value(Codec codec) {
      ByteSource payload = new ByteSource(message, ResultHeader.PAYLOAD_AT, arrays);
      try {
        if (header.kind() != ResultHeader.FAILED) {
          return codec.decode(payload);
        }
        Throwable cause = StandInException.decode(codec, payload);
        throw new TaskException(
            job.title() + " failed in " + worker + ": " + cause + remedy(cause), cause);
      } catch (IOException | ClassNotFoundException | LinkageError e) {
        throw new TaskException("the result from " + worker + " cannot be read here: " + e, e);
      } finally {
        MessageRing.decoded(message);
      }
    }
  }

  private static String remedy(Throwable cause) {
    return cause instanceof OutOfMemoryError
            && String.valueOf(cause.getMessage()).startsWith("Java heap space")
        ? "; more for all workers: LaunchOptions.withMaxHeap, for a second attempt:"
            + " PoolOptions.withLargerHeap"
        : "";
  }

  /// The worker died while it ran the task.
  record Died(Deaths.Verdict verdict, int from, int count) implements Answer {
    @Override
    public @Nullable Object value(Codec codec) {
      ProcessEnd.awaitIfBegun();
      throw verdict.toException();
    }

    @Override
    public boolean isOfLast() {
      return true;
    }

    /// Those before the last had been done, and nobody had been told.
    @Override
    public RuntimeException failureOf(int element, RuntimeException thrown) {
      return element == from + count - 1
          ? thrown
          : new TaskException(
              "worker died before it had sent the result: "
                  + verdict.last().certificate().sentence(),
              thrown.getCause());
    }
  }

  /// The task failed after it had been interrupted at its deadline.
  ///
  /// @param failure what it threw
  /// @param limit the deadline
  /// @param dump what its worker said before
  /// @param job the task
  /// @param worker the name of the worker
  record Late(Answer failure, Duration limit, String dump, Job job, String worker)
      implements Answer {
    @Override
    public int from() {
      return failure.from();
    }

    @Override
    public int count() {
      return failure.count();
    }

    @Override
    public @Nullable Object value(Codec codec) {
      try {
        return failure.value(codec);
      } catch (TaskException e) {
        String what = "was interrupted in " + worker + " at its deadline of " + limit;
        throw new TaskException(
            job.title() + " " + what,
            new TaskTimeoutException(job.title() + " " + what, limit, dump, null, e.getCause()));
      }
    }
  }

  /// The task failed, and is to be saved as it was given to the worker.
  ///
  /// @param failure the answer
  /// @param reproducers saves it
  /// @param input what is saved
  /// @param element of a chunk, the one that failed; 0 for another task
  record Kept(Answer failure, Reproducers reproducers, Reproducers.Input input, int element)
      implements Answer {
    @Override
    public int from() {
      return failure.from();
    }

    @Override
    public int count() {
      return failure.count();
    }

    @Override
    public void measure(Pace pace) {
      failure.measure(pace);
    }

    @Override
    public @Nullable Object value(Codec codec) {
      try {
        return failure.value(codec);
      } catch (TaskException e) {
        throw reproducers.save(input, element, e);
      }
    }

    @Override
    public boolean isOfLast() {
      return failure.isOfLast();
    }

    @Override
    public RuntimeException failureOf(int other, RuntimeException thrown) {
      return failure.failureOf(other, thrown);
    }
  }

  /// It was never sent: an element cannot be.
  record Refused(RuntimeException failure) implements Answer {
    @Override
    public int from() {
      return 0;
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public @Nullable Object value(Codec codec) {
      throw failure;
    }
  }

  /// There will be none: the pool ended before the task did, or could not send it.
  record Lost(String reason, @Nullable Throwable cause, int from, int count) implements Answer {
    @Override
    public @Nullable Object value(Codec codec) {
      ProcessEnd.awaitIfBegun();
      if (cause != null) {
        throw new TaskException(reason, cause);
      }
      throw new CancellationException(reason);
    }
  }
}
