package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The workers that have died of a task, or of the element of a chunk that is next. Guarded by the
/// dispatcher's lock.
final class Deaths {
  /// Of more deaths than twice as many, only the first and the last so many are told of: a task may have
  /// any number of retries, and each certificate may be long.
  static final int MOST_TOLD = 10;

  private int element = -1;
  private int deaths;
  private final List<DeathCertificate> certificates = new ArrayList<>(1);

  /// Deaths that take no retry.
  private int free;

  /// Attempts that failed without a death.
  private int failures;

  private int lastAttempt = 1;

  /// Notes a death.
  ///
  /// @param at the element that the worker was at, 0 for a task that is no chunk
  /// @param isFree whether it is run again in any case
  /// @return what is to be told; null if the task is to be run again
  @Nullable Verdict add(Death death, int at, Terms terms, boolean isFree) {
    turnTo(at);
    lastAttempt = attempt();
    if (certificates.size() == 2 * MOST_TOLD) {
      certificates.remove(MOST_TOLD);
    }
    certificates.add(death.certificate());
    int number = ++deaths;
    if (isFree) {
      free++;
      return null;
    }
    int taken = number - free;
    if (death.mayBeTriedAgain() && taken <= terms.retries() && number < terms.quarantine()) {
      return null;
    }
    return new Verdict(death, List.copyOf(certificates), number, number >= terms.quarantine());
  }

  /// It has failed without a death, and is run again.
  ///
  /// @param at the element, 0 for a task that is no chunk
  void addFailure(int at) {
    turnTo(at);
    failures++;
  }

  private void turnTo(int at) {
    if (at != element) {
      element = at;
      free = 0;
      failures = 0;
      deaths = 0;
      certificates.clear();
    }
  }

  /// How often what ended last with a death had been begun then.
  int lastAttempt() {
    return lastAttempt;
  }

  /// How often it has been begun, the next time too.
  int attempt() {
    return deaths + failures + 1;
  }

  /// What became of a task whose worker has died.
  ///
  /// @param last the death that ended it
  /// @param all the certificates of all deaths, or of the first and the last of many
  /// @param deaths how many
  /// @param isQuarantined whether they were too many
  record Verdict(Death last, List<DeathCertificate> all, int deaths, boolean isQuarantined) {
    TaskException toException() {
      if (isQuarantined && last.mayBeTriedAgain()) {
        QuarantinedException cause = new QuarantinedException(all, deaths);
        return new TaskException("task was given up: " + cause.getMessage(), cause);
      }
      TaskException told = last.toException();
      for (DeathCertificate earlier : all.subList(0, all.size() - 1)) {
        told.addSuppressed(new WorkerDiedException(earlier));
      }
      return told;
    }
  }
}
