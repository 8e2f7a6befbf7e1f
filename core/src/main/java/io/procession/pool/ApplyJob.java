package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A call whose caller waits.
final class ApplyJob extends CallJob {
  private final Thread caller = Thread.currentThread();
  private volatile @Nullable Answer answer;

  ApplyJob(long id, ByteSink message) {
    super(id, message);
  }

  @Override
  boolean isAnswered() {
    return answer != null;
  }

  @Override
  void answer(Answer given) {
    answer = given;
    LockSupport.unpark(caller);
  }

  @Override
  void answerHere(Answer given) {
    answer = given;
  }

  /// Waits for the answer. Called by the thread that made this.
  Answer await() throws InterruptedException {
    while (true) {
      Answer given = answer;
      if (given != null) {
        return given;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.park(this);
    }
  }
}
