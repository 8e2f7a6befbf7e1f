package io.procession.stress.soak;

import io.procession.shared.SharedMemory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a session that has ended left behind.
final class Remains {
  private static final Path SHM = Path.of("/dev/shm");

  private Remains() {}

  /// Has this process's session sweep, as any session does, and returns the files that are still there.
  ///
  /// @param root the pid of the session's first process
  static List<String> of(long root) throws IOException {
    String own = "procession-soak-sweep-" + ProcessHandle.current().pid();
    try (SharedMemory memory = SharedMemory.create(own, 1)) {
      boolean _ = memory.unlink();
    }
    List<String> left = new ArrayList<>();
    if (Files.isDirectory(SHM)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(SHM, "procession-*")) {
        for (Path file : files) {
          if (file.getFileName().toString().contains("-" + root + "-")) {
            left.add(file.toString());
          }
        }
      }
    }
    return left;
  }
}
