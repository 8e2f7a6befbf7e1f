package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `struct epoll_event`, packed on x86-64 only.
///
/// ```
/// x86-64   0 events (4 bytes)  4 data (8 bytes)                12 bytes
/// arm64    0 events (4 bytes)  4 padding  8 data (8 bytes)     16 bytes
/// ```
final class EpollLayout {
  static final long DATA_AT = Syscall.ARM64 ? 8 : 4;
  static final long BYTES = DATA_AT + Long.BYTES;

  static final int IN = 0x001;
  static final int OUT = 0x004;
  static final int ERR = 0x008;
  static final int HUP = 0x010;
  static final int READ_HUP = 0x2000;
  static final int ONE_SHOT = 1 << 30;

  private EpollLayout() {}

  static void write(MemorySegment memory, int events, long data) {
    memory.set(ValueLayout.JAVA_INT_UNALIGNED, 0, events);
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_AT, data);
  }

  static int events(MemorySegment memory, int index) {
    return memory.get(ValueLayout.JAVA_INT_UNALIGNED, index * BYTES);
  }

  static long data(MemorySegment memory, int index) {
    return memory.get(ValueLayout.JAVA_LONG_UNALIGNED, index * BYTES + DATA_AT);
  }
}
