package io.procession.internal.arena;

import io.procession.internal.posix.Errno;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import io.procession.internal.posix.ProcessIdentity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Memory with a public name: a file in `/dev/shm`, as `shm_open` makes it.
///
/// A process that is killed cannot take its names away. So a file that goes with its session has two
/// names, hard links of each other: the public one, and a *keeper* that says whose it is:
///
/// ```
/// procession-shm-<pid namespace>-<root pid>-<root start>-<pid>-<start>-<n>
/// ```
///
/// An `m` after the last number says that the file goes with its maker, also where the session lives on.
///
/// The file is made under the keeper, gets its size, and then the public name, so that is never
/// there half made; names are removed the other way round. Whoever dies in between leaves a keeper,
/// and a keeper whose processes are dead is swept with all names of the same file. A sweep first
/// moves it to a keeper of the sweeper's own: two sweepers never have the same, and what a sweeper
/// that dies leaves is swept again. A name that somebody else has given to another file meanwhile is
/// not the same file, and stays.
public final class NamedMemory {
  private static final String KEEPER = "procession-shm-";
  private static final String WITH_MAKER = "m";
  private static final String NOT_LINUX = "0";
  private static final int ZEROS = 1 << 20;
  private static final int MAX_NAME_BYTES = 255;

  private static final AtomicInteger KEEPERS = new AtomicInteger();
  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  private final Path path;
  private final @Nullable Path keeper;
  private final Arena arena;
  private final MemorySegment segment;
  private final Object file;

  private NamedMemory(
      Path path, @Nullable Path keeper, Arena arena, MemorySegment segment, Object file) {
    this.path = path;
    this.keeper = keeper;
    this.arena = arena;
    this.segment = segment;
    this.file = file;
  }

  /// Makes memory under a name that nobody has, zero and with all its pages, and maps it.
  ///
  /// @param kept whether it goes with the session, or with this process if it is made for an [Estate]
  /// @throws FileAlreadyExistsException if the name is taken
  /// @throws IOException if there is no room for it, or the system refuses otherwise
  public static NamedMemory create(String name, long size, boolean kept) throws IOException {
    requireName(name);
    Path folder = folder();
    sweep(folder);
    Session session = Session.current();
    String ending = kept && Estate.noteName() ? WITH_MAKER : "";
    Path keeper = folder.resolve(newKeeper(session.root()) + ending);
    Path path = folder.resolve(name);
    Arena arena = Arena.ofShared();
    boolean isLinked = false;
    try {
      if (kept) {
        hook(session);
      }
      Long _ =
          Undisturbed.call(
              "procession-mapper",
              () -> {
                reserve(keeper, size);
                return size;
              });
      MemorySegment segment = map(keeper, FileChannel.MapMode.READ_WRITE, arena);
      Files.createLink(path, keeper);
      isLinked = true;
      FailPoint.NAME_LINKED.reach();
      Object file = key(keeper);
      if (!kept) {
        Files.delete(keeper);
      }
      return new NamedMemory(path, kept ? keeper : null, arena, segment, file);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      if (isLinked) { // first: without its keeper nobody would look for it
        Files.deleteIfExists(path);
      }
      Files.deleteIfExists(keeper);
      throw e;
    }
  }

  /// Maps memory that somebody has made under the name.
  ///
  /// @throws NoSuchFileException if there is none
  public static NamedMemory attach(String name, boolean readOnly) throws IOException {
    requireName(name);
    Path path = folder().resolve(name);
    Arena arena = Arena.ofShared();
    try {
      Object file = key(path);
      FileChannel.MapMode mode =
          readOnly ? FileChannel.MapMode.READ_ONLY : FileChannel.MapMode.READ_WRITE;
      MemorySegment segment = map(path, mode, arena);
      if (segment.byteSize() == 0) {
        throw new FileSystemException(path.toString(), null, "it has no size (yet)");
      }
      return new NamedMemory(path, null, arena, segment, file);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /// All of it. Fails once [#close] was called.
  public MemorySegment segment() {
    return segment;
  }

  /// Unmaps it here. Idempotent.
  ///
  /// @throws IllegalStateException if a native call has the memory in its hands
  public void close() throws IOException {
    if (arena.scope().isAlive()) {
      arena.close();
      if (keeper != null && !isSame(path)) {
        Files.deleteIfExists(keeper); // somebody who does not know of keepers has unlinked it
      }
    }
  }

  /// Takes the names away. The memory goes when nobody maps it any more.
  ///
  /// @return whether the public name was still there, and still this memory's
  public boolean unlink() throws IOException {
    boolean was = isSame(path) && Files.deleteIfExists(path);
    FailPoint.NAME_UNLINKED.reach();
    if (keeper != null) {
      Files.deleteIfExists(keeper);
    } else {
      deleteNames(path.resolveSibling("."), file, true);
    }
    return was;
  }

  /// Whether it is what another maps, be it under the same name or not.
  public boolean isSame(NamedMemory other) {
    return file.equals(other.file);
  }

  private boolean isSame(Path other) throws IOException {
    try {
      return file.equals(key(other));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /// Removes what dead sessions have left.
  static final class Sweep implements Runnable {
    @Override
    public void run() {
      sweep();
      FolderSweep.run();
    }
  }

  /// Removes what dead sessions have left, and dead processes that were to.
  static void sweep() {
    try {
      sweep(folder());
    } catch (IOException e) {
      // nothing swept: it can wait
    }
  }

  private static void sweep(Path folder) {
    try (DirectoryStream<Path> keepers = Files.newDirectoryStream(folder, KEEPER + "*")) {
      for (Path keeper : keepers) {
        if (isAbandoned(keeper.getFileName().toString())) {
          remove(keeper);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // nothing more is swept: it can wait
    }
  }

  /// Takes a keeper with all other names of its file away, unless it is another user's, or another
  /// sweeper was faster.
  private static void remove(Path keeper) throws IOException {
    Path own = keeper.resolveSibling(newKeeper(ProcessIdentity.self()));
    try {
      Files.move(keeper, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      return;
    }
    FailPoint.KEEPER_TAKEN.reach();
    deleteNames(keeper.resolveSibling("."), key(own), false);
    Files.deleteIfExists(own);
  }

  /// Deletes the public names of a file, or its keepers.
  private static void deleteNames(Path folder, Object file, boolean keepers) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        boolean isKeeper = one.getFileName().toString().startsWith(KEEPER);
        if (isKeeper == keepers) {
          try {
            if (file.equals(key(one))) {
              Files.deleteIfExists(one);
            }
          } catch (NoSuchFileException e) {
            // gone since it was listed
          }
        }
      }
    }
  }

  private static boolean isAbandoned(String keeper) {
    String[] parts = keeper.substring(KEEPER.length()).split("-", -1);
    if (parts.length != 6 || !parts[0].equals(pidNamespace())) {
      return false; // what another container's pids mean cannot be known here
    }
    try {
      boolean needsRoot = !parts[5].endsWith(WITH_MAKER);
      return !(needsRoot && isAlive(parts[1], parts[2])) && !isAlive(parts[3], parts[4]);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isAlive(String pid, String start) {
    return new ProcessIdentity(Long.parseLong(pid), Long.parseLong(start)).isAlive();
  }

  private static String newKeeper(ProcessIdentity root) {
    ProcessIdentity self = ProcessIdentity.self();
    return KEEPER
        + pidNamespace()
        + "-"
        + root.pid()
        + "-"
        + root.startTime()
        + "-"
        + self.pid()
        + "-"
        + self.startTime()
        + "-"
        + KEEPERS.incrementAndGet();
  }

  /// The number in `pid:[4026531836]`.
  private static String pidNamespace() {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return link.substring(link.indexOf('[') + 1, link.length() - 1);
    } catch (IOException | UnsupportedOperationException e) {
      return NOT_LINUX;
    }
  }

  /// In the first process of a session, takes the session's names away when that ends in order.
  private static void hook(Session session) {
    ProcessIdentity root = session.root();
    if (root.pid() != ProcessHandle.current().pid() || !HOOKED.compareAndSet(false, true)) {
      return;
    }
    String mine = "-" + root.pid() + "-" + root.startTime() + "-";
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> removeAll(mine), "procession-names"));
    } catch (IllegalStateException e) {
      // this JVM is ending: the next session sweeps
    }
  }

  private static void removeAll(String root) {
    String beginning = KEEPER + pidNamespace() + root;
    try (DirectoryStream<Path> keepers = Files.newDirectoryStream(folder(), KEEPER + "*")) {
      for (Path keeper : keepers) {
        if (keeper.getFileName().toString().startsWith(beginning)) {
          remove(keeper);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // the next session sweeps
    }
  }

  private static Path folder() throws IOException {
    Path shm = Path.of("/dev/shm");
    if (Files.isDirectory(shm)) {
      return shm;
    }
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "procession-memory");
    return Files.createDirectories(folder);
  }

  private static Object key(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Object key = attributes.fileKey();
    return key != null ? key : path.toRealPath();
  }

  private static void reserve(Path path, long size) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean byCall = Platform.current() == Platform.NATIVE;
    try (FileChannel channel = FileChannel.open(path, options, ownerOnly(path))) {
      FailPoint.KEEPER_MADE.reach();
      if (!byCall) {
        writeZeros(channel, size);
      }
    }
    if (byCall) {
      try {
        Posix.reserve(path.toString(), size);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.ENOSYS) {
          throw noRoom(path, size, e);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          writeZeros(channel, size);
        }
      }
    }
  }

  private static void writeZeros(FileChannel channel, long size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, size));
    long written = 0;
    while (written < size) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size - written));
      written += channel.write(zeros, written);
    }
  }

  private static IOException noRoom(Path path, long size, IOException cause) {
    Path folder = Objects.requireNonNull(path.getParent());
    long free = folder.toFile().getUsableSpace();
    return new FileSystemException(
        folder.toString(),
        null,
        "no memory of this size can be had here: size="
            + size
            + ", free="
            + free
            + ", "
            + cause.getMessage()
            + "; memory without a name has no such limit, or enlarge the file system"
            + " (docker run --shm-size)");
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static MemorySegment map(Path path, FileChannel.MapMode mode, Arena arena)
      throws IOException {
    Set<StandardOpenOption> options =
        mode.equals(FileChannel.MapMode.READ_ONLY)
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    return Undisturbed.call(
        "procession-mapper",
        () -> {
          try (FileChannel channel = FileChannel.open(path, options)) {
            return channel.map(mode, 0, channel.size(), arena);
          }
        });
  }

  private static void requireName(String name) {
    if (name.isEmpty()
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0
        || name.equals(".")
        || name.equals("..")
        || name.startsWith(KEEPER)
        || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a name has 1 to 255 bytes, no slash, and does not begin with "
              + KEEPER
              + ": name="
              + name);
    }
  }
}
