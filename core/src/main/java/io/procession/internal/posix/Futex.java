package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Waiting by Linux's futex: `futex_waitv` on both words at once where the kernel has it (5.16),
/// else `FUTEX_WAIT` on the first in short slices.
public final class Futex implements WordWait {
  private static final int CODE = 1;

  private static final long FUTEX_WAKE = 1;
  private static final long FUTEX_WAIT_BITSET = 9;
  private static final long MATCH_ANY = 0xFFFF_FFFFL;
  private static final long CLOCK_MONOTONIC = 1; // the clock of System.nanoTime on Linux
  private static final int FUTEX2_SIZE_U32 = 2;

  /// `struct futex_waitv { u64 val; u64 uaddr; u32 flags; u32 reserved; }`, twice, then a timespec.
  private static final long WAITV_BYTES = 24;

  private static final long TIMESPEC_AT = 2 * WAITV_BYTES;
  private static final long ERRNO_AT = TIMESPEC_AT + 16;
  private static final long SCRATCH_BYTES = ERRNO_AT + 16;

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long SLICE_WITHOUT_WAITV = 5_000_000;

  /// Made by the first call: a process that joins its session and neither sleeps nor wakes anybody
  /// links no native call, which would double the cost of joining.
  private static final class Ignored {
    /// Where calls that ask for no error number may write theirs.
    static final MemorySegment ERRNO = Arena.global().allocate(Syscall.ERRNO);
  }

  private static volatile boolean hasWaitv = true;

  Futex() {}

  @Override
  public void await(
      MemorySegment memory, long word, int expected, long bell, int heard, long deadline) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scratch = arena.allocate(SCRATCH_BYTES, 8);
      MemorySegment errno = scratch.asSlice(ERRNO_AT, Syscall.ERRNO.byteSize());
      long base = memory.address();
      if (hasWaitv && awaitBoth(scratch, errno, base, word, expected, bell, heard, deadline)) {
        return;
      }
      long now = System.nanoTime();
      long until = deadline - now < SLICE_WITHOUT_WAITV ? deadline : now + SLICE_WITHOUT_WAITV;
      writeTime(scratch, until);
      long time = scratch.address() + TIMESPEC_AT;
      Syscall.call(
          errno,
          Syscall.FUTEX,
          base + word,
          FUTEX_WAIT_BITSET,
          Integer.toUnsignedLong(expected),
          time,
          0,
          MATCH_ANY);
    }
  }

  /// @return false if the kernel does not know the call (or a filter bars it)
  private static boolean awaitBoth(
      MemorySegment scratch,
      MemorySegment errno,
      long base,
      long word,
      int expected,
      long bell,
      int heard,
      long deadline) {
    writeWaiter(scratch, 0, base + word, expected);
    writeWaiter(scratch, WAITV_BYTES, base + bell, heard);
    writeTime(scratch, deadline);
    long waiters = scratch.address();
    long result =
        Syscall.call(
            errno, Syscall.FUTEX_WAITV, waiters, 2, 0, waiters + TIMESPEC_AT, CLOCK_MONOTONIC, 0);
    if (result == -1) {
      int error = Syscall.errno(errno);
      if (error == Errno.ENOSYS || error == Errno.EPERM) {
        hasWaitv = false;
        return false;
      }
    }
    return true; // woken, changed, timed out or EINTR: the caller looks again
  }

  @Override
  public int wake(MemorySegment memory, long word, int count) {
    return (int)
        Syscall.call(
            Ignored.ERRNO, Syscall.FUTEX, memory.address() + word, FUTEX_WAKE, count, 0, 0, 0);
  }

  @Override
  public int code() {
    return CODE;
  }

  private static void writeWaiter(MemorySegment scratch, long at, long address, int expected) {
    scratch.set(ValueLayout.JAVA_LONG, at, Integer.toUnsignedLong(expected));
    scratch.set(ValueLayout.JAVA_LONG, at + 8, address);
    scratch.set(ValueLayout.JAVA_INT, at + 16, FUTEX2_SIZE_U32);
  }

  private static void writeTime(MemorySegment scratch, long deadline) {
    long time = Math.max(0, deadline);
    scratch.set(ValueLayout.JAVA_LONG, TIMESPEC_AT, time / NANOS_PER_SECOND);
    scratch.set(ValueLayout.JAVA_LONG, TIMESPEC_AT + 8, time % NANOS_PER_SECOND);
  }
}
