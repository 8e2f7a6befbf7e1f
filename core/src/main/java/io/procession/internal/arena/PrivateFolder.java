package io.procession.internal.arena;

import io.procession.internal.posix.KernelRandom;
import io.procession.internal.posix.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A folder of one session that only its user may enter, for what cannot be anonymous.
///
/// It lies in the folder for temporary files, under a name that nobody can foresee. It is deleted when
/// its process ends in order; what a killed one left is swept by the next session ([FolderSweep]).
///
/// @param path the folder
/// @param sign the file in it that is locked as long as its process lives
record PrivateFolder(Path path, FileChannel sign) {
  /*
   * Whether a folder's process lives is told by a lock on a file in it, since the temporary folder may
   * be shared with other containers, where our pids mean other processes. A folder that has no such
   * file yet, or whose file is not locked yet, looks abandoned. So its maker looks, once it has the
   * lock, whether the file is still there: a sweep deletes it only while it has the lock itself. If
   * it is gone, another folder is made.
   *
   * The lock ends as soon as this process closes any descriptor of that file. So nobody here opens it
   * again: the sweep passes this process's folders over, by their names.
   */
  private static final String PREFIX = "procession-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9]+-[0-9]+-[0-9]+");
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");
  static final String SIGN = "alive";

  /// Sweeps what dead sessions of this user left and makes this session's folder.
  static PrivateFolder create() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      PrivateFolder made = Undisturbed.call("procession-folder", () -> make(parent));
      Runtime.getRuntime().addShutdownHook(new Thread(made::delete, "procession-folder"));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the session's private folder cannot be made: parent=" + parent, e);
    }
  }

  /// How the names of a process's folders begin.
  static String prefix(ProcessIdentity process) {
    return PREFIX + process.pid() + "-" + process.startTime() + "-";
  }

  /// Whether a folder's name is one that a session gives: a user's own `procession-x` is none.
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static PrivateFolder make(Path parent) throws IOException {
    String prefix = prefix(ProcessIdentity.self());
    PrivateFolder made = null;
    while (made == null) {
      made = claim(createFolder(parent, prefix));
    }
    FolderSweep.run(parent, made.path, prefix);
    return made;
  }

  /// As `Files.createTempDirectory`, but with half as many digits: the path of a socket may have no more than some
  /// hundred bytes.
  private static Path createFolder(Path parent, String prefix) throws IOException {
    boolean hasModes = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        hasModes
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNERS)}
            : new FileAttribute<?>[0];
    while (true) {
      String name = prefix + Integer.toUnsignedString((int) KernelRandom.nextLong());
      try {
        return Files.createDirectory(parent.resolve(name), mode);
      } catch (FileAlreadyExistsException e) {
        // another name, then
      }
    }
  }

  private static @Nullable PrivateFolder claim(Path folder) throws IOException {
    Path file = folder.resolve(SIGN);
    FileChannel sign;
    try {
      sign = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    } catch (NoSuchFileException e) {
      return null; // swept
    }
    boolean ours = false;
    try {
      ours = lock(sign) && Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      return ours ? new PrivateFolder(folder, sign) : null;
    } finally {
      if (!ours) {
        sign.close();
      }
    }
  }

  private static boolean lock(FileChannel sign) {
    try {
      return sign.tryLock() != null;
    } catch (IOException e) {
      return true; // a file system without locks: no sweep gets this one either
    }
  }

  /// Deletes the folder and what is in it; what cannot be deleted stays for the next sweep.
  private void delete() {
    try (sign;
        DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
      Files.deleteIfExists(path);
    } catch (IOException | DirectoryIteratorException e) {
      // the file is still mapped, on a system that minds
    }
  }
}
