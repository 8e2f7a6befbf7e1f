package io.procession.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many processors there are.
final class Processors {
  private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

  private Processors() {}

  /// Those that are switched on in this machine; the usable ones where it does not say.
  static int count() {
    try {
      return Math.max(1, count(Files.readString(ONLINE)));
    } catch (IOException | NumberFormatException e) {
      return usable();
    }
  }

  /// Those that this process may use. The JDK asks for affinity and the cgroup's quota.
  static int usable() {
    return Runtime.getRuntime().availableProcessors();
  }

  /// How many numbers a list such as `0-3,6` has.
  static int count(String list) {
    int count = 0;
    for (String range : list.strip().split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      count += last - first + 1;
    }
    return count;
  }
}
