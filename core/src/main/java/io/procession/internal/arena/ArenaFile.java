package io.procession.internal.arena;

import io.procession.internal.check.Property;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The file behind the arena: how it is made, by which path others open it, how it is mapped.
///
/// On Linux it is anonymous memory, which others open as `/proc/<pid>/fd/<n>` of the session's first
/// process: it has no name, and goes with the last process that maps it. Where that is barred (a
/// non-dumpable JVM, another system) it is a sparse file in a [PrivateFolder].
///
/// @param path by which other processes open it
/// @param folder the folder that goes with the session, if there is one
/// @param descriptor what holds the anonymous memory, or [#NO_DESCRIPTOR]
record ArenaFile(String path, @Nullable PrivateFolder folder, int descriptor) {
  private static final int NO_DESCRIPTOR = -1;
  private static final long DEFAULT_CAPACITY = 64L << 30;

  /// Makes the file of a new session.
  static ArenaFile create() {
    if (Platform.current() == Platform.NATIVE && !Boolean.getBoolean("procession.arena.file")) {
      try {
        int descriptor = Posix.memfdCreate("procession");
        ArenaFile file = null;
        try {
          String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
          if (Posix.isDumpable() && canOpen(path)) { // to open it ourselves proves nothing
            file = new ArenaFile(path, null, descriptor);
            return file;
          }
        } finally {
          if (file == null) {
            Posix.close(descriptor);
          }
        }
      } catch (ErrnoException e) {
        // a kernel or filter without memfd_create: the file way serves
      }
    }
    PrivateFolder folder = PrivateFolder.create();
    return new ArenaFile(folder.path().resolve("arena").toString(), folder, NO_DESCRIPTOR);
  }

  /// Maps the whole arena of a new session: as large as is asked for and can be had.
  MemorySegment mapNew() {
    long capacity = Property.number("procession.arena.capacity", DEFAULT_CAPACITY);
    if (capacity < HeaderLayout.MIN_CAPACITY || capacity > HeaderLayout.MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "procession.arena.capacity must be between "
              + HeaderLayout.MIN_CAPACITY
              + " and "
              + HeaderLayout.MAX_CAPACITY
              + " bytes: procession.arena.capacity="
              + capacity);
    }
    capacity -= capacity % HeaderLayout.UNIT_BYTES;
    while (true) {
      try {
        return map(path, capacity, true);
      } catch (IOException | OutOfMemoryError e) {
        if (capacity / 2 < HeaderLayout.MIN_CAPACITY) {
          release();
          throw new IllegalStateException(
              "the session's arena cannot be mapped: path="
                  + path
                  + ", capacity="
                  + capacity
                  + "; if the address space is limited (ulimit -v), leave room beside the heap"
                  + " (-Xmx)",
              e);
        }
        capacity /= 2; // an address space that is limited (ulimit -v): less will do
      }
    }
  }

  private void release() {
    if (descriptor != NO_DESCRIPTOR) {
      try {
        Posix.close(descriptor);
      } catch (ErrnoException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// Maps the whole arena of a running session.
  static MemorySegment mapExisting(String path) {
    try {
      return map(path, 0, false);
    } catch (IOException e) {
      throw new UncheckedIOException(
          e.getCause() instanceof OutOfMemoryError
              ? "the session's arena cannot be mapped: path="
                  + path
                  + "; if the address space is limited (ulimit -v), give this process a smaller heap"
                  + " (-Xmx)"
              : "the session's arena cannot be opened (has the first process ended?): path=" + path,
          e);
    }
  }

  /// Maps on a thread of its own: an interrupt in the midst would close the channel for all.
  private static MemorySegment map(String path, long capacity, boolean create) throws IOException {
    Mapper mapper = new Mapper(path, capacity, create);
    Thread thread = Thread.ofPlatform().name("procession-mapper").unstarted(mapper);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mapper.result();
  }

  private static boolean canOpen(String path) {
    try (FileChannel channel =
        FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.isOpen();
    } catch (IOException e) {
      return false;
    }
  }

  /// Opens, maps for the process's whole life, and closes the descriptor again.
  private static final class Mapper implements Runnable {
    private final String path;
    private final long capacity;
    private final boolean create;
    private @Nullable MemorySegment memory;
    private @Nullable Throwable failure;

    Mapper(String path, long capacity, boolean create) {
      this.path = path;
      this.capacity = capacity;
      this.create = create;
    }

    @Override
    public void run() {
      StandardOpenOption third = create ? StandardOpenOption.CREATE : StandardOpenOption.WRITE;
      try (FileChannel channel =
          FileChannel.open(
              Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE, third)) {
        if (create && channel.size() > capacity) {
          channel.truncate(capacity); // an attempt to map more has left it that long
        }
        long size = create ? capacity : channel.size();
        memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.global());
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        failure = e;
      }
    }

    MemorySegment result() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof OutOfMemoryError e) {
        throw e;
      }
      if (memory == null) {
        throw new IllegalStateException("mapping failed: path=" + path, failure);
      }
      return memory;
    }
  }
}
