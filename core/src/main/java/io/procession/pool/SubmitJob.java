package io.procession.pool;

import io.procession.serial.ByteSink;
import org.jspecify.annotations.Nullable;

/// A call with a future.
final class SubmitJob extends CallJob {
  private final AsyncResult<?> result;
  private volatile @Nullable Answer noted;

  SubmitJob(long id, ByteSink message, AsyncResult<?> result) {
    super(id, message);
    this.result = result;
  }

  @Override
  boolean isAnswered() {
    return noted != null || result.isDone();
  }

  /// Decoding and whatever depends on the future is code of users: it runs on a thread of its own.
  @Override
  void answer(Answer answer) {
    try {
      Thread.ofVirtual().name("procession-completion").start(() -> result.settle(answer));
    } catch (OutOfMemoryError e) {
      result.settle(answer); // on the wrong thread is better than never
    }
  }

  @Override
  void noteAnswer(Answer answer) {
    noted = answer;
  }

  /// Delivers what [#noteAnswer] has noted, by the same thread.
  void deliverNoted() {
    Answer answer = noted;
    if (answer != null) {
      result.settle(answer);
      noted = null;
    }
  }
}
