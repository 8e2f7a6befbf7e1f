package io.procession.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A control group of the kernel with a limit, of either version, for processes that a test puts into it. It can be
/// made where this user may: as root, and not in every container.
///
/// @param folder where it is
public record ControlGroup(Path folder) implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final long PERIOD_MICROS = 100_000;

  /// One whose processes may use so much memory together.
  public static Optional<ControlGroup> ofMemory(long bytes) {
    return make("memory", "memory.max", "memory.limit_in_bytes", Long.toString(bytes));
  }

  /// One whose processes may use so many processors together.
  public static Optional<ControlGroup> ofProcessors(int count) {
    String quota = Long.toString(count * PERIOD_MICROS);
    return make("cpu", "cpu.max", "cpu.cfs_quota_us", quota);
  }

  private static Optional<ControlGroup> make(
      String controller, String file, String oldFile, String limit) {
    String name = "procession-test-" + ProcessHandle.current().pid();
    for (Path parent : List.of(ROOT.resolve(controller), ROOT)) {
      boolean isNew = Files.exists(parent.resolve("cgroup.controllers"));
      if (!isNew && !Files.exists(parent.resolve("cgroup.procs"))) {
        continue;
      }
      Path group = parent.resolve(name);
      try {
        Files.createDirectory(group);
        try {
          Files.writeString(group.resolve(isNew ? file : oldFile), limit);
          return Optional.of(new ControlGroup(group));
        } catch (IOException e) {
          Files.delete(group);
        }
      } catch (IOException e) {
        // not here
      }
    }
    return Optional.empty();
  }

  /// Puts this process into it.
  public void enter() throws IOException {
    Files.writeString(folder.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
  }

  /// A command that runs the rest of its command line in it, for [ChildJvm.Builder#through].
  public String[] command() {
    String script = "echo $$ > '" + folder.resolve("cgroup.procs") + "' && exec \"$@\"";
    return new String[] {"/bin/sh", "-c", script, "sh"};
  }

  /// Removes it. Nobody is in it any more.
  @Override
  public void close() throws IOException {
    Files.delete(folder);
  }
}
