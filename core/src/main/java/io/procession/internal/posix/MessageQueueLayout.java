package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `struct mq_attr` of Linux on 64 bits.
///
/// ```
/// 0   mq_flags    long   O_NONBLOCK or 0
/// 8   mq_maxmsg   long   most messages at a time
/// 16  mq_msgsize  long   most bytes of a message
/// 24  mq_curmsgs  long   messages that are there
/// 32  reserved    4 long
/// ```
final class MessageQueueLayout {
  static final long BYTES = 64;

  private static final long MAX_MESSAGES_AT = 8;
  private static final long MESSAGE_SIZE_AT = 16;
  private static final long CURRENT_AT = 24;

  private MessageQueueLayout() {}

  static void write(MemorySegment attributes, long maxMessages, long messageSize) {
    attributes.set(ValueLayout.JAVA_LONG, MAX_MESSAGES_AT, maxMessages);
    attributes.set(ValueLayout.JAVA_LONG, MESSAGE_SIZE_AT, messageSize);
  }

  static int maxMessages(MemorySegment attributes) {
    return (int) attributes.get(ValueLayout.JAVA_LONG, MAX_MESSAGES_AT);
  }

  static int messageSize(MemorySegment attributes) {
    return (int) attributes.get(ValueLayout.JAVA_LONG, MESSAGE_SIZE_AT);
  }

  static int current(MemorySegment attributes) {
    return (int) attributes.get(ValueLayout.JAVA_LONG, CURRENT_AT);
  }
}
