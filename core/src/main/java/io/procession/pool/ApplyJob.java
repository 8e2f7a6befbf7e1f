package io.procession.pool;

import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
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
  void noteAnswer(Answer given) {
    answer = given;
  }

  /// Has the task done and waits for the answer. Called by the thread that made this; if it is a
  /// platform thread, it reads the worker's results itself.
  Answer run(Dispatcher dispatcher) throws InterruptedException {
    boolean isReader = !caller.isVirtual();
    Courier sentOn = dispatcher.submit(this, isReader);
    try {
      Desk desk = desk();
      if (isReader && desk != null) {
        desk.courier.help(this, Until.after(Long.MAX_VALUE));
      }
    } finally {
      if (sentOn != null) {
        sentOn.attend(); // others' tasks were sent with it, or another worker took it over
      }
    }
    return await();
  }

  private Answer await() throws InterruptedException {
    while (true) {
      Answer given = answer;
      if (given != null) {
        return given;
      }
      Interruption.checkInterrupt();
      LockSupport.park(this);
    }
  }
}
