package io.procession.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The folder of AOT caches: `$XDG_CACHE_HOME/procession`, or `.cache/procession` in the user's
/// home, or what the system property `procession.aot.folder` says.
///
/// ```
/// <key>-<crc>.jsa         a cache; its checksum is in its name, so both appear at once
/// <key>.jar               what stands first on the class path of children that have it: see FrontJar
/// <key>.none              no cache of this key can be used: not tried again for a day
/// <key>-<pid>.<step>.tmp  being made by that process
/// training.lock           locked by the one that trains
/// ```
///
/// A JVM trusts its cache blindly, so nothing is used that another user owns or could have written,
/// nor what is damaged.
///
/// @param path the folder
/// @param owner the number of the user whose files are trusted
record CacheFolder(Path path, int owner) {
  private static final String FRONT = ".jar";
  private static final int OTHERS_WRITE = 0022;
  private static final int KEPT = 12;
  private static final Duration FRESH = Duration.ofDays(1);
  private static final Duration NONE_HOLDS = Duration.ofDays(1);

  /// The folder, made if it is missing.
  ///
  /// @param ours a file that this user has made
  /// @return null if there is no place for one, or it is not this user's alone
  static @Nullable CacheFolder open(Path ours) {
    Path path = place();
    if (path == null) {
      return null;
    }
    try {
      if (!Files.isDirectory(path)) {
        Path parent = path.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      CacheFolder folder = new CacheFolder(path, (int) Files.getAttribute(ours, "unix:uid"));
      return folder.isTrusted(path) ? folder : null;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null; // no home, a home that cannot be written, a system without owners
    }
  }

  /// The cache of a key, checked; null if there is none. One that is damaged is deleted.
  @Nullable Path find(String key) {
    Path front = front(key);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(path, key + "-*.jsa")) {
      for (Path file : found) {
        if (isTrusted(file)) {
          if (file.equals(named(key, checksum(file)))
              && FrontJar.isWhole(front)
              && isTrusted(front)) {
            touch(file);
            return file;
          }
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // as good as none
    }
    return null;
  }

  /// Where the [FrontJar] of a key is, or will be.
  Path front(String key) {
    return path.resolve(key + FRONT);
  }

  /// True if it was found lately that no cache of this key can be used.
  boolean isKnownAsNone(String key) {
    return age(path.resolve(key + ".none")).compareTo(NONE_HOLDS) < 0;
  }

  /// Takes the lock of those who train; null if another process of the user has it.
  @Nullable FileChannel lockForTraining() throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve("training.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() != null) {
      return channel;
    }
    channel.close();
    return null;
  }

  /// Notes that no cache of this key can be used.
  void noteNone(String key) throws IOException {
    Path file = path.resolve(key + ".none");
    Files.deleteIfExists(file);
    Files.createFile(file);
  }

  /// Where a file is made that nobody else looks at yet.
  Path temporary(String key, String step) {
    return path.resolve(key + "-" + ProcessHandle.current().pid() + "." + step + ".tmp");
  }

  /// Makes a finished file the cache of a key.
  ///
  /// @return its path from now on
  Path publish(String key, Path finished) throws IOException {
    try (FileChannel channel = FileChannel.open(finished, StandardOpenOption.WRITE)) {
      channel.force(true); // a power cut must not leave the name without the content
    }
    Files.setPosixFilePermissions(finished, PosixFilePermissions.fromString("rw-------"));
    Path file = named(key, checksum(finished));
    return Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Deletes what processes left that were killed while they trained, and caches long unused.
  void sweep() throws IOException {
    try {
      sweepFiles();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void sweepFiles() throws IOException {
    List<Path> caches = new ArrayList<>();
    List<Path> fronts = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.{jsa,jar,none,tmp}")) {
      for (Path file : files) {
        if (file.toString().endsWith(".jsa")) {
          caches.add(file);
        } else if (file.toString().endsWith(FRONT)) {
          fronts.add(file);
        } else if (file.toString().endsWith(".tmp") || age(file).compareTo(NONE_HOLDS) > 0) {
          Files.deleteIfExists(file); // whoever trains holds the lock, and that is us
        }
      }
    }
    caches.sort(Comparator.comparing(CacheFolder::age));
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < caches.size(); i++) {
      if (i < KEPT) {
        keys.add(caches.get(i).getFileName().toString().split("-", 2)[0]);
      } else {
        Files.deleteIfExists(caches.get(i));
      }
    }
    for (Path front : fronts) {
      String name = front.getFileName().toString();
      if (!keys.contains(name.substring(0, name.length() - FRONT.length()))) {
        Files.deleteIfExists(front);
      }
    }
  }

  /// Where it is, if it is anywhere.
  static @Nullable Path place() {
    try {
      return chosen();
    } catch (InvalidPathException e) {
      return null; // a home that this locale cannot spell
    }
  }

  private static @Nullable Path chosen() {
    String chosen = System.getProperty("procession.aot.folder");
    if (chosen != null) {
      return Path.of(chosen).toAbsolutePath();
    }
    String caches = System.getenv("XDG_CACHE_HOME");
    if (caches != null && caches.startsWith("/")) {
      return Path.of(caches, "procession");
    }
    String home = System.getProperty("user.home", "");
    return home.startsWith("/") ? Path.of(home, ".cache", "procession") : null;
  }

  private boolean isTrusted(Path file) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    return attributes.get("uid") instanceof Integer uid
        && uid == owner
        && attributes.get("mode") instanceof Integer mode
        && (mode & OTHERS_WRITE) == 0;
  }

  private Path named(String key, long checksum) {
    return path.resolve(key + "-" + HexFormat.of().toHexDigits((int) checksum) + ".jsa");
  }

  private static long checksum(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sum.update(buffer, 0, read);
      }
    }
    return sum.getValue();
  }

  private static void touch(Path file) {
    try {
      if (age(file).compareTo(FRESH) > 0) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      }
    } catch (IOException e) {
      // it counts as old, then
    }
  }

  /// Time since the last change; very long for what is not there.
  private static Duration age(Path file) {
    try {
      return Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
    } catch (IOException e) {
      return Duration.ofDays(Integer.MAX_VALUE);
    }
  }
}
