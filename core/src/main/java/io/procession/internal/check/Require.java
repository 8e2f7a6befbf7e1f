package io.procession.internal.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Checks of arguments. Each breach but null is an [IllegalArgumentException] that says the rule, the value and a
/// remedy: `capacity must be positive: capacity=-1; use 1 or more`.
///
/// Young JVMs run it: no lambdas, no formats.
public final class Require {
  private static final String ONE_OR_MORE = "use 1 or more";
  private static final String ZERO_OR_MORE = "use 0 or more";

  private Require() {}

  /// What must not be null. That is a [NullPointerException], as everywhere in Java.
  public static <T> T notNull(String name, @Nullable T value) {
    if (value == null) {
      throw new NullPointerException(name + " must not be null");
    }
    return value;
  }

  /// A number of 1 or more.
  public static int positive(String name, int value) {
    return (int) positive(name, (long) value, ONE_OR_MORE);
  }

  /// The same of a long one.
  public static long positive(String name, long value) {
    return positive(name, value, ONE_OR_MORE);
  }

  /// The same, with a remedy that says more.
  public static long positive(String name, long value, String remedy) {
    if (value <= 0) {
      throw broken(name, "must be positive", value, remedy);
    }
    return value;
  }

  /// A time of more than nothing.
  public static Duration positive(String name, Duration value, String remedy) {
    if (!value.isPositive()) {
      throw broken(name, "must be positive", value, remedy);
    }
    return value;
  }

  /// A number of 0 or more.
  public static int notNegative(String name, int value) {
    return (int) notNegative(name, (long) value, ZERO_OR_MORE);
  }

  /// The same of a long one.
  public static long notNegative(String name, long value) {
    return notNegative(name, value, ZERO_OR_MORE);
  }

  /// The same, with a remedy that says more.
  public static long notNegative(String name, long value, String remedy) {
    if (value < 0) {
      throw broken(name, "must not be negative", value, remedy);
    }
    return value;
  }

  /// A time of nothing or more.
  public static Duration notNegative(String name, Duration value, String remedy) {
    if (value.isNegative()) {
      throw broken(name, "must not be negative", value, remedy);
    }
    return value;
  }

  /// A number between two, both included.
  public static long between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + most + ": " + name + "=" + value);
    }
    return value;
  }

  /// What to throw for a record whose module keeps the library from its components.
  public static IllegalArgumentException notOpened(Class<?> type, Exception cause) {
    return new IllegalArgumentException(
        "the record's package is to be opened to io.procession: type="
            + type.getName()
            + "; write `opens "
            + type.getPackageName()
            + " to io.procession;` into its module-info",
        cause);
  }

  private static IllegalArgumentException broken(
      String name, String rule, Object value, String remedy) {
    return new IllegalArgumentException(
        name + " " + rule + ": " + name + "=" + value + "; " + remedy);
  }
}
