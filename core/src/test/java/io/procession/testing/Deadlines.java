package io.procession.testing;

import java.time.Duration;

/// The only delays tests may name. All of them stretch with `-Dprocession.test.scale=N`, for machines
/// that are slow or busy.
public final class Deadlines {
  private static final double SCALE =
      Double.parseDouble(System.getProperty("procession.test.scale", "1"));

  /// Long enough to see that something does *not* happen.
  public static final Duration SHORT = ofMillis(100);

  /// What one JVM does without another one's help has happened by then, also where a busy machine
  /// gives it no processor for seconds. No test waits so long for what does not happen.
  public static final Duration MEDIUM = ofMillis(10_000);

  /// What needs other JVMs, starting or ending ones included, has happened by then.
  public static final Duration LONG = ofMillis(20_000);

  private Deadlines() {}

  /// A time that a test gives what it tests, such as that of keep-alive.
  public static Duration scaled(Duration time) {
    return ofMillis(time.toMillis());
  }

  private static Duration ofMillis(long millis) {
    return Duration.ofMillis((long) (millis * SCALE));
  }
}
