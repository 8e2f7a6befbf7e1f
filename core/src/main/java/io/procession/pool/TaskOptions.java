package io.procession.pool;

import io.procession.internal.check.Require;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a pool is to treat a task. What is null here is as the pool's own [PoolOptions#task] says, and
/// where that is null too, there is no such limit.
///
/// ```java
/// var options = TaskOptions.defaults().withDeadline(Duration.ofSeconds(30)).withRetries(2);
/// AsyncResult<Report> report = pool.applyAsync(options, () -> Report.of(input));
/// ```
///
/// Time counts from the moment at which the task begins to run, not while it waits for a worker; for a
/// map, for each element by itself. The pool finds that out by looking, at intervals of an eighth of
/// the limit, at most 50 ms: so a limit may be overrun by that much.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param name what it is called in messages and by listeners; null for its number
/// @param deadline after so long its worker is asked for its stacks, and the task is interrupted; what
///     it throws from then on is the cause of a [TaskTimeoutException], which has the stacks. What it
///     returns all the same is its result. Null for never
/// @param hardDeadline after so long its worker is killed, and the task fails with a
///     [TaskTimeoutException]; null for [PoolOptions#grace] after the deadline, if there is one
/// @param extendedByProgress whether both begin anew when the task tells of progress; null as the pool
/// @param retries how often it is run again if its worker dies, which must do no harm; null as the pool
public record TaskOptions(
    @Nullable String name,
    @Nullable Duration deadline,
    @Nullable Duration hardDeadline,
    @Nullable Boolean extendedByProgress,
    @Nullable Integer retries)
    implements Serializable {

  private static final TaskOptions DEFAULTS = new TaskOptions(null, null, null, null, null);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if a limit is not positive, the hard one comes first, or the
  ///     retries are negative
  public TaskOptions {
    requirePositive("deadline", deadline);
    requirePositive("hardDeadline", hardDeadline);
    if (deadline != null && hardDeadline != null && hardDeadline.compareTo(deadline) < 0) {
      throw new IllegalArgumentException(
          "hardDeadline must not be less than deadline: deadline="
              + deadline
              + ", hardDeadline="
              + hardDeadline
              + "; give it the later of the two");
    }
    if (retries != null) {
      Require.notNegative("retries", retries);
    }
  }

  private static void requirePositive(String name, @Nullable Duration limit) {
    if (limit != null) {
      Require.positive(name, limit, "leave it out for none");
    }
  }

  /// As the pool says, in everything.
  ///
  /// @return the options that change nothing
  public static TaskOptions defaults() {
    return DEFAULTS;
  }

  /// Sets the name of the task.
  ///
  /// @param text what it is called in messages and by listeners; null for its number
  /// @return options with this name
  public TaskOptions withName(@Nullable String text) {
    return new TaskOptions(text, deadline, hardDeadline, extendedByProgress, retries);
  }

  /// Sets after how long the task is interrupted.
  ///
  /// @param limit how long, null as the pool says
  /// @return options with this deadline
  /// @throws IllegalArgumentException if it is not positive, or after the hard one
  public TaskOptions withDeadline(@Nullable Duration limit) {
    return new TaskOptions(name, limit, hardDeadline, extendedByProgress, retries);
  }

  /// Sets after how long the worker is killed.
  ///
  /// @param limit how long, null as the pool says
  /// @return options with this deadline
  /// @throws IllegalArgumentException if it is not positive, or before the other one
  public TaskOptions withHardDeadline(@Nullable Duration limit) {
    return new TaskOptions(name, deadline, limit, extendedByProgress, retries);
  }

  /// Sets whether both deadlines begin anew when the task tells of progress ([Task#progress]).
  ///
  /// @param does whether they do
  /// @return options with that
  public TaskOptions withExtendedByProgress(boolean does) {
    return new TaskOptions(name, deadline, hardDeadline, does, retries);
  }

  /// Sets how often the task may be run again if its worker dies while it runs: it must be idempotent.
  ///
  /// @param times how often, 0 for never
  /// @return options with that number
  /// @throws IllegalArgumentException if it is negative
  public TaskOptions withRetries(int times) {
    return new TaskOptions(name, deadline, hardDeadline, extendedByProgress, times);
  }
}
