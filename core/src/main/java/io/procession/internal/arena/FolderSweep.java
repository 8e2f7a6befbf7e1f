package io.procession.internal.arena;

import io.procession.internal.posix.ProcessIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/// Deletes the private folders of sessions that were killed: of this user only, whatever others may
/// have put into a shared folder for temporary files.
///
/// A folder is opened once, without following links, and then judged and emptied as what was opened.
/// It is judged before as well: to open another's pipe would block, and what is this user's nobody else
/// can put something in the place of.
/// Where the system cannot do that, nothing is swept: there the folder for temporary files is the
/// user's own, and cleaned by the system's means.
final class FolderSweep {
  private static final Set<OpenOption> TO_LOCK =
      Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private FolderSweep() {}

  /// Sweeps what can be swept, for a process that may have no folder itself.
  static void run() {
    try {
      Path self = Path.of("/proc/self");
      if (Files.exists(self)) {
        String ours = PrivateFolder.prefix(ProcessIdentity.self());
        run(Path.of(System.getProperty("java.io.tmpdir")), self.toRealPath(), ours);
      }
    } catch (IOException e) {
      // nothing swept: it can wait
    }
  }

  /// Sweeps what can be swept.
  ///
  /// @param own a file of this user
  /// @param ours how the names of this process's folders begin, which are not looked at: to close
  ///     their sign would end its lock
  static void run(Path parent, Path own, String ours) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      if (stream instanceof SecureDirectoryStream<Path> folders) {
        UserPrincipal user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
        for (Path folder : folders) {
          String name = folder.getFileName().toString();
          if (PrivateFolder.isName(name) && !name.startsWith(ours)) {
            sweep(folders, folder.getFileName(), user);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // nothing swept, or not all: it can wait
    }
  }

  private static void sweep(SecureDirectoryStream<Path> parent, Path name, UserPrincipal user) {
    try {
      if (!isPrivate(
          parent.getFileAttributeView(
              name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
          user)) {
        return;
      }
      try (SecureDirectoryStream<Path> folder =
          parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        if (isPrivate(folder.getFileAttributeView(PosixFileAttributeView.class), user)
            && empty(folder)) {
          parent.deleteDirectory(name);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // somebody was faster
    }
  }

  private static boolean isPrivate(PosixFileAttributeView view, UserPrincipal user)
      throws IOException {
    PosixFileAttributes is = view.readAttributes();
    return is.isDirectory()
        && is.owner().equals(user)
        && PosixFilePermissions.toString(is.permissions()).equals("rwx------");
  }

  /// Deletes what is in a folder unless its process lives.
  ///
  /// @return whether nothing can be left
  private static boolean empty(SecureDirectoryStream<Path> folder) throws IOException {
    Path sign = Path.of(PrivateFolder.SIGN);
    try (FileChannel channel = (FileChannel) folder.newByteChannel(sign, TO_LOCK);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return false;
      }
      for (Path entry : folder) {
        if (!entry.getFileName().equals(sign)) {
          folder.deleteFile(entry.getFileName());
        }
      }
      folder.deleteFile(sign); // last: until then the next sweep can go on with what is left
      return true;
    } catch (NoSuchFileException e) {
      return true; // just made, or swept but for itself: deleted if there is nothing in it
    }
  }
}
