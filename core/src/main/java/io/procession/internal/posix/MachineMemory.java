package io.procession.internal.posix;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/// How much memory the machine has, or the control group that this process is in may use.
public final class MachineMemory {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final long BYTES = find();

  private MachineMemory() {}

  /// As it was when it was first asked for.
  public static long bytes() {
    return BYTES;
  }

  private static long find() {
    long machine = ofMachine(Path.of("/proc/meminfo"));
    long group = ofControlGroup(Path.of("/proc/self/cgroup"), CGROUPS);
    return Math.min(machine, group);
  }

  /// Reads `MemTotal: N kB`; elsewhere asks the JVM, by name: the bean belongs to a module that a runtime may lack.
  static long ofMachine(Path meminfo) {
    for (String line : lines(meminfo)) {
      if (line.startsWith("MemTotal:") && line.endsWith("kB")) {
        String number = line.substring("MemTotal:".length(), line.length() - "kB".length());
        return Long.parseLong(number.trim()) << 10;
      }
    }
    try {
      Object total =
          ManagementFactory.getPlatformMBeanServer()
              .getAttribute(
                  new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME),
                  "TotalMemorySize");
      return (Long) total;
    } catch (JMException e) {
      return 4 * Runtime.getRuntime().maxMemory(); // by default a quarter of the machine's
    }
  }

  /// The least limit on the way from this process's control group to the root, of either version.
  static long ofControlGroup(Path self, Path groups) {
    long least = Long.MAX_VALUE;
    for (String line : lines(self)) { // hierarchy:controllers:path
      String[] parts = line.split(":", 3);
      if (parts.length != 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        least = Math.min(least, leastUpwards(groups, parts[2], "memory.max"));
      } else if (List.of(parts[1].split(",", -1)).contains("memory")) {
        Path memory = groups.resolve("memory");
        least = Math.min(least, leastUpwards(memory, parts[2], "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  private static long leastUpwards(Path root, String group, String file) {
    long least = Long.MAX_VALUE;
    Path folder = root.resolve("." + group).normalize();
    while (folder.startsWith(root)) {
      List<String> lines = lines(folder.resolve(file));
      if (!lines.isEmpty() && !lines.getFirst().equals("max")) {
        least = Math.min(least, Long.parseLong(lines.getFirst()));
      }
      folder = folder.resolve("..").normalize();
    }
    return least;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file)
          ? Files.readAllLines(file, StandardCharsets.ISO_8859_1)
          : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
