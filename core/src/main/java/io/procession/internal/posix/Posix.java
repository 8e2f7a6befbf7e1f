package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The system calls of Linux that the library makes, apart from [Futex].
///
/// None of them blocks. A call that fails throws [ErrnoException] with the call and its arguments.
public final class Posix {
  public static final int SIGKILL = 9;

  private static final long MFD_CLOEXEC = 1; // linux/memfd.h
  private static final long MADV_REMOVE = 9; // asm-generic/mman-common.h
  private static final long MADV_POPULATE_WRITE = 23;
  private static final long AT_FDCWD = -100; // linux/fcntl.h
  private static final long O_RDWR = 2; // asm-generic/fcntl.h
  private static final long O_CLOEXEC = 0x80000;
  private static final long PR_GET_DUMPABLE = 3; // linux/prctl.h
  private static final long PR_SET_DUMPABLE = 4;

  private Posix() {}

  /// Makes an anonymous file in memory that goes with the last process that has it open or mapped.
  ///
  /// @param name shown as `memfd:name` in `/proc`, not a key
  /// @return a descriptor, closed on `exec`
  public static int memfdCreate(String name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      MemorySegment cName = arena.allocateFrom(name);
      return (int)
          checked(
              Syscall.call(errno, Syscall.MEMFD_CREATE, cName.address(), MFD_CLOEXEC, 0, 0, 0, 0),
              errno,
              "memfd_create(" + name + ")");
    }
  }

  /// Closes a descriptor that a call here gave.
  public static void close(int descriptor) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      checked(
          Syscall.call(errno, Syscall.CLOSE, descriptor, 0, 0, 0, 0, 0),
          errno,
          "close(" + descriptor + ")");
    }
  }

  /// Opens what is at a path, with flags as of `open(2)`.
  ///
  /// @return a descriptor
  static int open(String path, long flags) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      MemorySegment cPath = arena.allocateFrom(path);
      return (int)
          checked(
              Syscall.call(errno, Syscall.OPENAT, AT_FDCWD, cPath.address(), flags, 0, 0, 0),
              errno,
              "open(" + path + ")");
    }
  }

  /// Gives pages of a shared mapping back to the system: they read as zero from now on, in every
  /// process that maps them. Address and length are multiples of the page size.
  public static void removePages(long address, long length) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      checked(
          Syscall.call(errno, Syscall.MADVISE, address, length, MADV_REMOVE, 0, 0, 0),
          errno,
          "madvise(MADV_REMOVE, " + length + " bytes)");
    }
  }

  /// Makes a file at least so long, with memory or disk behind every byte: a write to a mapping of it
  /// can no longer fail for lack of room. Begins again when a signal comes in the midst.
  public static void reserve(String path, long length) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      int descriptor = open(path, O_RDWR | O_CLOEXEC);
      try {
        long result;
        do {
          result = Syscall.call(errno, Syscall.FALLOCATE, descriptor, 0, 0, length, 0, 0);
        } while (result == -1 && Syscall.errno(errno) == Errno.EINTR);
        checked(result, errno, "fallocate(" + path + ", " + length + ")");
      } finally {
        close(descriptor);
      }
    }
  }

  /// Makes pages of a mapping present and writable, all by one call instead of a fault for each. A
  /// hint: a kernel older than 5.14 does not know it, and the pages come when they are touched.
  public static void populatePages(long address, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long _ = Syscall.call(errno, Syscall.MADVISE, address, length, MADV_POPULATE_WRITE, 0, 0, 0);
    }
  }

  /// Sends a signal to a process.
  public static void kill(long pid, int signal) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      checked(
          Syscall.call(errno, Syscall.KILL, pid, signal, 0, 0, 0, 0),
          errno,
          "kill(" + pid + ", " + signal + ")");
    }
  }

  /// Bars other processes of the user from this one's memory and `/proc/self/fd`, as a java with
  /// file capabilities is barred from its start.
  public static void setDumpable(boolean dumpable) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      checked(
          Syscall.call(errno, Syscall.PRCTL, PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0, 0),
          errno,
          "prctl(PR_SET_DUMPABLE, " + dumpable + ")");
    }
  }

  /// False if other processes of the user are barred, as [#setDumpable] bars them.
  public static boolean isDumpable() throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      return checked(
              Syscall.call(errno, Syscall.PRCTL, PR_GET_DUMPABLE, 0, 0, 0, 0, 0),
              errno,
              "prctl(PR_GET_DUMPABLE)")
          == 1;
    }
  }

  private static long checked(long result, MemorySegment errno, String call) throws ErrnoException {
    if (result == -1) {
      throw new ErrnoException(call, Syscall.errno(errno));
    }
    return result;
  }
}
