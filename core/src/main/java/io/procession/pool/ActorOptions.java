package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.process.LaunchOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How an actor of a pool is to be.
///
/// The defaults: its object is made once and not again, in a process like the workers of the pool.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param restarts how often the object is made again, in another process, when its process has
///     died or its factory has failed
/// @param backoff how long to wait before the first of these; each further pause is twice as long,
///     up to a minute
/// @param launch how the JVM of its process is to be, null for that of the pool's workers
public record ActorOptions(int restarts, Duration backoff, @Nullable LaunchOptions launch) {
  private static final Duration MOST = Duration.ofDays(1);
  private static final ActorOptions DEFAULTS = new ActorOptions(0, Duration.ofMillis(100), null);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the restarts are negative, or the backoff is, or is longer
  ///     than a day
  public ActorOptions {
    Require.notNegative("restarts", restarts);
    Require.notNull("backoff", backoff);
    if (backoff.isNegative() || backoff.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "backoff must be from 0 to " + MOST + ": backoff=" + backoff + "; it doubles by itself");
    }
  }

  /// No restarts, and a process like the workers of the pool.
  ///
  /// @return the defaults
  public static ActorOptions defaults() {
    return DEFAULTS;
  }

  /// Sets how often the object is made again.
  ///
  /// @param times how often, in all
  /// @return options with that number
  /// @throws IllegalArgumentException if it is negative
  public ActorOptions withRestarts(int times) {
    return new ActorOptions(times, backoff, launch);
  }

  /// Sets how long to wait before the object is made again.
  ///
  /// @param first before the first time
  /// @return options with this pause
  /// @throws IllegalArgumentException if it is negative, or longer than a day
  public ActorOptions withBackoff(Duration first) {
    return new ActorOptions(restarts, first, launch);
  }

  /// Sets how the JVM of its process is to be.
  ///
  /// @param options flags, heap and the like; null for those of the pool
  /// @return options with these
  public ActorOptions withLaunch(@Nullable LaunchOptions options) {
    return new ActorOptions(restarts, backoff, options);
  }
}
