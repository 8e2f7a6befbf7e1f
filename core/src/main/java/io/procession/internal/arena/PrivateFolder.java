package io.procession.internal.arena;

import io.procession.internal.posix.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder of one session that only its user may enter, for what cannot be anonymous.
///
/// Its name, `procession-<pid>-<start>` in the folder for temporary files, says whose it is. It is
/// deleted when that process ends in order; what a killed one left is swept by the next session.
///
/// @param path the folder
record PrivateFolder(Path path) {
  private static final String PREFIX = "procession-";

  /// Sweeps what dead sessions of this user left and makes this session's folder.
  static PrivateFolder create() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    sweep(parent);
    ProcessIdentity self = ProcessIdentity.self();
    Path folder = parent.resolve(PREFIX + self.pid() + "-" + self.startTime());
    try {
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        FileAttribute<?> mode =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(folder, mode);
      } else {
        Files.createDirectory(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the session's private folder cannot be made: path=" + folder, e);
    }
    PrivateFolder made = new PrivateFolder(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(made::delete, "procession-folder"));
    return made;
  }

  /// Deletes the folder and what is in it; what cannot be deleted stays for the next sweep.
  private void delete() {
    delete(path);
  }

  private static void delete(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // another sweep was faster, or the file is still mapped on a system that minds
    }
  }

  private static void sweep(Path parent) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isAbandoned(folder)) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      // nothing swept: it can wait
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    String[] parts = folder.getFileName().toString().split("-", -1);
    if (parts.length != 3 || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      long pid = Long.parseLong(parts[1]);
      long start = Long.parseLong(parts[2]);
      return !new ProcessIdentity(pid, start).isAlive() && Files.isWritable(folder);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
