package io.procession.pool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// An order of a pool to one of its workers, which comes by the worker's pipe.
///
/// ```
/// 0   kind     byte  END or TELL
/// 1   number   long  END: of the task that shall end; TELL: of the question
/// 9   part     int   END: the element of the chunk that shall end, -1: all of the task
/// ```
final class OrderLayout {
  /// A task is to be interrupted, if it runs or when it does.
  static final byte END = 1;

  /// The stacks of all threads are to be told.
  static final byte TELL = 2;

  private static final int NUMBER_AT = 1;
  private static final int PART_AT = 9;
  private static final int BYTES = 13;

  private OrderLayout() {}

  static byte[] end(long task, int part) {
    return order(END, task, part);
  }

  static byte[] tell(long question) {
    return order(TELL, question, 0);
  }

  private static byte[] order(byte kind, long number, int part) {
    byte[] order = new byte[BYTES];
    ByteBuffer view = view(order);
    view.put(0, kind);
    view.putLong(NUMBER_AT, number);
    view.putInt(PART_AT, part);
    return order;
  }

  static long number(byte[] order) {
    return view(order).getLong(NUMBER_AT);
  }

  static int part(byte[] order) {
    return view(order).getInt(PART_AT);
  }

  private static ByteBuffer view(byte[] order) {
    return ByteBuffer.wrap(order).order(ByteOrder.LITTLE_ENDIAN);
  }
}
