package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What `sendmsg` and `recvmsg` take for one byte of data and one descriptor beside it
/// (`SCM_RIGHTS`), on a kernel of 64 bits.
///
/// ```
/// 0   msghdr    0 name  8 name length  16 iov  24 iov count  32 control  40 control length  48 flags
/// 56  iovec     0 base  8 length
/// 72  cmsghdr   0 length (20)  8 level (SOL_SOCKET)  12 type (SCM_RIGHTS)  16 descriptor  20 padding
/// 96  the byte
/// ```
final class MessageLayout {
  static final long BYTES = 104;

  private static final long IOV_AT = 16;
  private static final long IOV_COUNT_AT = 24;
  private static final long CONTROL_POINTER_AT = 32;
  private static final long CONTROL_LENGTH_AT = 40;
  private static final long IOVEC_AT = 56;
  private static final long CONTROL_AT = 72;
  private static final long LEVEL_AT = CONTROL_AT + 8;
  private static final long TYPE_AT = CONTROL_AT + 12;
  private static final long DESCRIPTOR_AT = CONTROL_AT + 16;
  private static final long DATA_AT = 96;

  private static final long CONTROL_BYTES = 24;
  private static final long CONTROL_LENGTH = 20;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private MessageLayout() {}

  /// Prepares the sending of a byte, and of a descriptor unless that is negative.
  static void writeToSend(MemorySegment memory, int data, int descriptor) {
    writeToReceive(memory);
    memory.set(ValueLayout.JAVA_BYTE, DATA_AT, (byte) data);
    if (descriptor < 0) {
      memory.set(LONG, CONTROL_POINTER_AT, 0);
      memory.set(LONG, CONTROL_LENGTH_AT, 0);
    } else {
      memory.set(LONG, CONTROL_AT, CONTROL_LENGTH);
      memory.set(INT, LEVEL_AT, SOL_SOCKET);
      memory.set(INT, TYPE_AT, SCM_RIGHTS);
      memory.set(INT, DESCRIPTOR_AT, descriptor);
    }
  }

  /// Prepares room for a byte and a descriptor.
  static void writeToReceive(MemorySegment memory) {
    memory.asSlice(0, BYTES).fill((byte) 0);
    memory.set(LONG, IOV_AT, memory.address() + IOVEC_AT);
    memory.set(LONG, IOV_COUNT_AT, 1);
    memory.set(LONG, CONTROL_POINTER_AT, memory.address() + CONTROL_AT);
    memory.set(LONG, CONTROL_LENGTH_AT, CONTROL_BYTES);
    memory.set(LONG, IOVEC_AT, memory.address() + DATA_AT);
    memory.set(LONG, IOVEC_AT + 8, 1);
  }

  static int data(MemorySegment memory) {
    return Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, DATA_AT));
  }

  /// The descriptor that came along, or -1.
  static int descriptor(MemorySegment memory) {
    boolean came =
        memory.get(LONG, CONTROL_LENGTH_AT) >= CONTROL_LENGTH
            && memory.get(INT, LEVEL_AT) == SOL_SOCKET
            && memory.get(INT, TYPE_AT) == SCM_RIGHTS;
    return came ? memory.get(INT, DESCRIPTOR_AT) : -1;
  }
}
