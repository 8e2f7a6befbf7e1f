package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import org.jspecify.annotations.Nullable;

/// A call with a future.
final class SubmitJob extends CallJob {
  private final AsyncResult<?> result;
  private final Codec codec;
  private final @Nullable Runnable origin;
  private volatile @Nullable Answer noted;

  /// @param origin what the user has submitted to the executor view, null for others
  SubmitJob(
      long id, ByteSink message, AsyncResult<?> result, Codec codec, @Nullable Runnable origin) {
    super(id, message);
    this.result = result;
    this.codec = codec;
    this.origin = origin;
  }

  @Nullable Runnable origin() {
    return origin;
  }

  @Override
  boolean isAnswered() {
    return noted != null || result.isDone();
  }

  /// Decoding and whatever depends on the future is code of users: it runs on a thread of its own.
  @Override
  void answer(Answer answer) {
    result.arrived();
    try {
      Thread.ofVirtual().name("procession-completion").start(() -> settle(answer));
    } catch (OutOfMemoryError e) {
      settle(answer); // on the wrong thread is better than never
    }
  }

  @Override
  void noteAnswer(Answer answer) {
    result.arrived();
    noted = answer;
  }

  /// Delivers what [#noteAnswer] has noted, by the first of those that wait.
  void deliverNoted() {
    Answer answer = noted == null ? null : takeNoted();
    if (answer != null) {
      settle(answer);
    }
  }

  private synchronized @Nullable Answer takeNoted() {
    Answer answer = noted;
    noted = null;
    return answer;
  }

  private void settle(Answer answer) {
    try {
      result.settle(answer, codec);
    } finally {
      result.settled();
    }
  }
}
