package io.procession.internal.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.procession.internal.posix.Posix;
import java.io.RandomAccessFile;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Memory far longer than what it takes, for messages whose length is all that matters: windows in which
/// somebody looks have bytes of their own, all others show the same ones. Lasts as long as the process.
@SuppressWarnings("restricted") // the library has no use for such mappings, only its tests
final class FoldedMemory {
  private static final long WINDOW = 16 << 20;
  private static final int READ_WRITE = 3; // bits of mmap(2)
  private static final int SHARED = 1;
  private static final int FIXED = 0x10;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private FoldedMemory() {}

  /// @param own offsets whose windows are their own
  static MemorySegment of(long length, long... own) throws Throwable {
    MethodHandle mmap = mmap();
    long windows = (length + WINDOW - 1) / WINDOW;
    long start =
        map(mmap, 0, windows * WINDOW, PRIVATE_ANONYMOUS, -1); // until it is mapped anew: room
    int descriptor = Posix.memfdCreate("folded");
    try (var file = new RandomAccessFile("/proc/self/fd/" + descriptor, "rw")) {
      file.setLength(WINDOW);
    }
    for (long window = 0; window < windows; window++) {
      if (!isOwn(window, own)) {
        map(mmap, start + window * WINDOW, WINDOW, SHARED | FIXED, descriptor);
      }
    }
    Posix.close(descriptor);
    return MemorySegment.ofAddress(start).reinterpret(length);
  }

  /// Clears what is looked at.
  static void clear(MemorySegment memory, long... own) {
    for (long at : own) {
      memory.set(JAVA_BYTE, at, (byte) 0);
    }
  }

  private static boolean isOwn(long window, long... own) {
    for (long at : own) {
      if (at / WINDOW == window) {
        return true;
      }
    }
    return false;
  }

  private static MethodHandle mmap() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("mmap").orElseThrow(),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  }

  private static long map(MethodHandle mmap, long at, long length, int flags, int descriptor)
      throws Throwable {
    long address = (long) mmap.invokeExact(at, length, READ_WRITE, flags, descriptor, 0L);
    if (address == -1) {
      throw new IllegalStateException("mmap failed: length=" + length);
    }
    return address;
  }
}
