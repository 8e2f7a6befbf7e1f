package io.procession.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How many processes the kernel has ended for want of memory, by its own counts: that of this process's
/// control group, and that of the whole machine, which knows of children in other groups too.
///
/// The kernel counts before it sends its SIGKILL, so the count has gone up when such a death is seen.
/// One kill explains one death.
final class MemoryKills {
  /// Whom the kernel ended.
  enum Verdict {
    /// None since that child's start.
    NONE,
    /// Somebody on this machine.
    SOMEBODY,
    /// Somebody in this process's control group.
    OF_THIS_GROUP
  }

  /// Counts at one moment, -1 where there are none.
  record Counts(long machine, long group) {
    static final Counts UNKNOWN = new Counts(-1, -1);
  }

  private static final String COUNT = "oom_kill ";
  private static final Path MACHINE = Path.of("/proc/vmstat");
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final long FRESH_NANOS = 1_000_000_000;

  private static final class Group {
    static final @Nullable Path FILE = find();

    private static @Nullable Path find() {
      String own = "/";
      String ownOld = "/";
      for (String line : read(Path.of("/proc/self/cgroup")).split("\n", -1)) {
        if (line.startsWith("0::")) {
          own = line.substring(3);
        } else if (line.contains(":memory:")) {
          ownOld = line.substring(line.lastIndexOf(':') + 1);
        }
      }
      Path old = GROUPS.resolve("memory");
      for (Path file :
          new Path[] {
            GROUPS.resolve(relative(own)).resolve("memory.events"),
            old.resolve(relative(ownOld)).resolve("memory.oom_control"),
            GROUPS.resolve("memory.events"), // a container sees its own group as the first
            old.resolve("memory.oom_control")
          }) {
        if (count(file) >= 0) {
          return file;
        }
      }
      return null;
    }

    private static String relative(String group) {
      return group.startsWith("/") ? group.substring(1) : group;
    }
  }

  // guarded by this class
  private static Counts last = Counts.UNKNOWN;
  private static long lastRead;
  private static long explainedOfMachine;
  private static long explainedOfGroup;

  private MemoryKills() {}

  /// The counts before a child is started; up to a second old, which keeps starts cheap.
  static synchronized Counts beforeStart() {
    if (last.equals(Counts.UNKNOWN) || System.nanoTime() - lastRead > FRESH_NANOS) {
      readNow();
    }
    return last;
  }

  /// Whether the kernel's want of memory explains a child's death by SIGKILL. It explains no other then.
  static synchronized Verdict explain(Counts before) {
    readNow();
    boolean isOfGroup = before.group >= 0 && last.group > Math.max(before.group, explainedOfGroup);
    boolean isOfMachine =
        before.machine >= 0 && last.machine > Math.max(before.machine, explainedOfMachine);
    if (isOfGroup) {
      explainedOfGroup = Math.max(before.group, explainedOfGroup) + 1;
    }
    if (isOfMachine) {
      explainedOfMachine = Math.max(before.machine, explainedOfMachine) + 1;
    }
    if (isOfGroup) {
      return Verdict.OF_THIS_GROUP;
    }
    return isOfMachine ? Verdict.SOMEBODY : Verdict.NONE;
  }

  private static void readNow() {
    Path group = Group.FILE;
    lastRead = System.nanoTime();
    last = new Counts(count(MACHINE), group == null ? -1 : count(group));
  }

  /// The count in a file of lines `name number`, -1 if it has none.
  static long count(Path file) {
    for (String line : read(file).split("\n", -1)) {
      if (line.startsWith(COUNT)) {
        try {
          return Long.parseLong(line.substring(COUNT.length()).strip());
        } catch (NumberFormatException e) {
          return -1;
        }
      }
    }
    return -1;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
