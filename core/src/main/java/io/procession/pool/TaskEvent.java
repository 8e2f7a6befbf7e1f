package io.procession.pool;

import io.procession.process.DeathCertificate;
import org.jspecify.annotations.Nullable;

/// What a [PoolListener] hears of a task.
///
/// A release may add components: read them by their accessors, not by patterns.
///
/// @param pool the name of the pool
/// @param task the task's number in its pool, from 1
/// @param name what its options call it, null if they do not
/// @param count how many elements it has, 1 if it is no chunk of a map
/// @param attempt how often it has been begun: this time too, and of one that is to be retried the next time
///     too
/// @param worker the name of the worker that has it, null if none has
/// @param progress how much is done, from 0 to 1; 0 unless it has told just now
/// @param note what it is at, null unless it has told just now
/// @param certificate how the worker ended, null unless that is what happened
public record TaskEvent(
    String pool,
    long task,
    @Nullable String name,
    int count,
    int attempt,
    @Nullable String worker,
    double progress,
    @Nullable String note,
    @Nullable DeathCertificate certificate) {
  /// It has told how far it is.
  TaskEvent withProgress(double fraction, @Nullable String told) {
    return new TaskEvent(pool, task, name, count, attempt, worker, fraction, told, certificate);
  }
}
