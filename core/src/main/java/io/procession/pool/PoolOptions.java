package io.procession.pool;

import io.procession.process.LaunchOptions;
import java.util.Objects;

/// How a pool is to be.
///
/// The defaults: as many workers as this process may use processors, no task is run a second time,
/// and the workers' JVMs are like this one.
///
/// ```java
/// var options = PoolOptions.defaults().withProcesses(4).withRetries(2);
/// ```
///
/// @param processes how many workers there are at a time
/// @param retries how often a task is run again whose worker died while it ran; more than 0 is for
///     tasks that may be run twice
/// @param launch how the JVMs of the workers are to be
public record PoolOptions(int processes, int retries, LaunchOptions launch) {

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if there would be no worker, or the retries are negative
  public PoolOptions {
    if (processes <= 0) {
      throw new IllegalArgumentException(
          "processes must be positive: processes=" + processes + "; use 1 or more");
    }
    if (retries < 0) {
      throw new IllegalArgumentException("retries must not be negative: retries=" + retries);
    }
    Objects.requireNonNull(launch, "launch");
  }

  /// The options that are used unless others are given.
  ///
  /// @return a worker for each usable processor, no retries, JVMs like this one
  public static PoolOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new PoolOptions(processors, 0, LaunchOptions.defaults());
  }

  /// Sets the number of workers.
  ///
  /// @param number how many, at least one
  /// @return options with that number
  public PoolOptions withProcesses(int number) {
    return new PoolOptions(number, retries, launch);
  }

  /// Sets how often a task is run again whose worker died while it ran.
  ///
  /// @param times how often, 0 for never
  /// @return options with that number
  public PoolOptions withRetries(int times) {
    return new PoolOptions(processes, times, launch);
  }

  /// Sets how the JVMs of the workers are to be.
  ///
  /// @param options flags, environment and the like
  /// @return options with these
  public PoolOptions withLaunch(LaunchOptions options) {
    return new PoolOptions(processes, retries, options);
  }
}
