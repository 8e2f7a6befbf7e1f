package io.procession.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of tasks that nobody will do: each is answered with the reason.
final class Forfeits {
  private final Journal journal;
  private final Handover handover;

  Forfeits(Journal journal, Handover handover) {
    this.journal = journal;
    this.handover = handover;
  }

  /// Ends tasks. With the dispatcher's lock; who has no memory for that leaves all as it was.
  ///
  /// @param jobs tasks that have not ended
  /// @param isFailure whether they count as failed, else as cancelled
  /// @return what the caller is to deliver
  Lot take(List<Job> jobs, String reason, @Nullable Throwable cause, boolean isFailure) {
    List<Answer> answers = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      answers.add(job.lost(reason, cause));
    }
    Lot lot = new Lot(handover, jobs, answers);
    for (Job job : jobs) {
      if (isFailure) {
        journal.failed(job, job.desk());
      } else {
        journal.cancelled(job, job.desk());
      }
    }
    for (Job job : jobs) {
      job.end(); // last: nobody else answers it from now on
    }
    handover.begin();
    return lot;
  }

  /// Tasks that have ended, and their answers.
  record Lot(Handover handover, List<Job> jobs, List<Answer> answers) {
    /// Without the lock; once.
    void deliver() {
      handover.finish(jobs, answers);
    }
  }
}
