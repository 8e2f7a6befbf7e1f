package io.procession.pool;

import io.procession.internal.ring.MessageRing;
import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.StandInException;
import java.io.IOException;
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
    private final String worker;

    /// @param message the whole message, its header too
    /// @param worker the name of the worker, for messages
    Sent(ResultHeader header, byte[] message, String worker) {
      this.header = header;
      this.message = message;
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
    public @Nullable Object value(Codec codec) {
      int length = message.length - ResultHeader.PAYLOAD_AT;
      ByteSource payload = new ByteSource(message, ResultHeader.PAYLOAD_AT, length);
      try {
        if (header.kind() != ResultHeader.FAILED) {
          return codec.decode(payload);
        }
        Throwable cause = StandInException.decode(codec, payload);
        throw new TaskException("task failed in " + worker + ": " + cause, cause);
      } catch (IOException | ClassNotFoundException | LinkageError e) {
        throw new TaskException("the result from " + worker + " cannot be read here: " + e, e);
      } finally {
        MessageRing.decoded(message);
      }
    }
  }

  /// The worker died while it ran the task.
  record Died(DeathCertificate certificate, int from, int count) implements Answer {
    @Override
    public @Nullable Object value(Codec codec) {
      ProcessEnd.awaitIfBegun();
      throw new TaskException(
          "worker died while it ran the task: " + certificate.sentence(),
          new WorkerDiedException(certificate));
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
