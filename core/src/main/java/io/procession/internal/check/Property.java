package io.procession.internal.check;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// The system properties of the library whose values are numbers or of a few words.
///
/// They are read by static initialisers of several classes, where an error would say nothing but that the class cannot
/// be used. So who reads a bad one gets the usual value, and a session refuses it before it begins: [#requireGood].
public final class Property {
  private static final List<String> NUMBERS =
      List.of(
          "procession.arena.capacity",
          "procession.exit.millis",
          "procession.forkserver.idle.millis",
          "procession.handshake.millis",
          "procession.spare.patience.millis",
          "procession.spin.nanos",
          "procession.still.waiting.millis");

  private Property() {}

  /// The number that a property is.
  ///
  /// @param name one of those that [#requireGood] knows
  /// @param usual what it is where nobody has set it
  public static long number(String name, long usual) {
    assert NUMBERS.contains(name) : name;
    String value = System.getProperty(name);
    return value != null && isNumber(value) ? Long.parseLong(value) : usual;
  }

  /// The nanoseconds that a property in milliseconds is: the most that there can be, if it is more.
  ///
  /// @param name one of those that [#requireGood] knows
  /// @param usualMillis what it is where nobody has set it
  public static long nanos(String name, long usualMillis) {
    return TimeUnit.MILLISECONDS.toNanos(number(name, usualMillis));
  }

  /// Makes sure that what was set are values.
  ///
  /// @throws IllegalArgumentException if one is not
  public static void requireGood() {
    for (String name : NUMBERS) {
      String value = System.getProperty(name);
      if (value != null && !isNumber(value)) {
        throw new IllegalArgumentException(
            "a system property must be a whole number of 0 or more: -D"
                + name
                + "="
                + value
                + "; write digits only");
      }
    }
    requireOneOf("procession.aot", List.of("off", "found", "on"));
    requireOneOf("procession.arena.file", List.of("true", "false"));
    requireOneOf("procession.logs", List.of("own", "relay"));
  }

  private static void requireOneOf(String name, List<String> known) {
    String value = System.getProperty(name);
    if (value != null && !known.contains(value)) {
      throw new IllegalArgumentException(
          "a system property has no such value: -D" + name + "=" + value + ", known=" + known);
    }
  }

  /// Eighteen digits are enough for all, and fit a long.
  private static boolean isNumber(String value) {
    if (value.isEmpty() || value.length() > 18) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
