package io.procession.internal.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// How many processors there are.
public final class Processors {
  private static final String STATUS = "/proc/self/status";
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  private Processors() {}

  /// How many this machine has, whether or not this process may use them; as many as are usable where it does
  /// not say.
  ///
  /// @return the number, at least one
  public static int count() {
    try {
      return Math.max(1, count(Files.readString(ONLINE)));
    } catch (IOException | NumberFormatException e) {
      return usable();
    }
  }

  /// How many this process may use: affinity and container limits count.
  ///
  /// @return the number, at least one
  public static int usable() {
    return Runtime.getRuntime().availableProcessors();
  }

  /// The numbers of those that this process may use by its affinity.
  ///
  /// @throws UnsupportedOperationException if the system does not say
  public static Set<Integer> allowed() {
    try {
      for (String line : Files.readAllLines(Path.of(STATUS))) {
        if (line.startsWith(ALLOWED)) {
          return numbers(line.substring(ALLOWED.length()));
        }
      }
    } catch (IOException e) {
      // no Linux
    }
    throw new UnsupportedOperationException(
        "processes can be bound to processors on Linux only: no " + STATUS);
  }

  /// How many are in a list such as `0-3,8`.
  public static int count(String list) {
    return numbers(list).size();
  }

  /// The numbers of a list such as `0-3,8`, in rising order.
  public static Set<Integer> numbers(String list) {
    Set<Integer> numbers = new TreeSet<>();
    for (String range : list.strip().split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = Integer.parseInt(range.substring(dash + 1));
      for (int number = first; number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }
}
