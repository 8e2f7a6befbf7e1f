package io.procession.pool;

import io.procession.serial.ByteSink;
import org.jspecify.annotations.Nullable;

/// A single call, as `apply` and `applyAsync` ask for.
abstract sealed class CallJob extends Job permits ApplyJob, SubmitJob {
  CallJob(long id, ByteSink message) {
    super(id, message);
  }

  /// True once the answer is there, delivered or not, or nobody waits for it any more.
  abstract boolean isAnswered();

  /// As [#answer], by the thread that waits for it, which will deliver it itself: it holds locks now.
  abstract void noteAnswer(Answer answer);

  @Override
  final int count() {
    return 1;
  }

  @Override
  final int answered() {
    return 0;
  }

  @Override
  final void heard(ResultHeader header) {}

  @Override
  final @Nullable Answer died(Death death, int element) {
    boolean grows = mayGrow() && death.isOutOfMemory();
    Deaths noted = noteDeaths();
    Deaths.Verdict verdict = noted.add(death, 0, terms(), grows);
    if (verdict == null) {
      if (grows) {
        noteGrowth();
      }
      TaskLayout.setAttempt(message(), noted.attempt(), 0);
      return null;
    }
    Answer answer = new Answer.Died(verdict, 0, 1); // needs memory: first
    end();
    return answer;
  }

  @Override
  final void grow(int element) {
    Deaths noted = noteDeaths();
    noted.addFailure(0);
    noteGrowth();
    TaskLayout.setAttempt(message(), noted.attempt(), 0);
  }

  @Override
  final Answer lost(String reason, @Nullable Throwable cause) {
    return new Answer.Lost(reason, cause, 0, 1);
  }
}
