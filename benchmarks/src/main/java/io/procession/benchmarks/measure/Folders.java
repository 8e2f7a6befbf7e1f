package io.procession.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Temporary folders, which go with the process at the latest, also at a Ctrl-C.
public final class Folders {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "procession-bench-";

  private Folders() {}

  public static Path create() throws IOException {
    return deletedAtTheEnd(Files.createTempDirectory(PREFIX));
  }

  /// A folder for what two JVMs share: in memory where the system has such a place.
  public static Path createShared() throws IOException {
    return Files.isWritable(MEMORY)
        ? deletedAtTheEnd(Files.createTempDirectory(MEMORY, PREFIX))
        : create();
  }

  private static Path deletedAtTheEnd(Path folder) {
    Thread hook =
        new Thread(
            () -> {
              try {
                delete(folder);
              } catch (IOException e) {
                // in use by a peer that has not ended yet
              }
            },
            "folder-delete");
    Runtime.getRuntime().addShutdownHook(hook);
    return folder;
  }

  /// Deletes a folder and what is in it.
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
