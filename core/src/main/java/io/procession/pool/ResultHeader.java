package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import java.io.StreamCorruptedException;

/// A message from a worker to its pool.
///
/// ```
/// 0   task      long  the number of the task it belongs to, 0: the initializer's failure
/// 8   kind      int   VALUE, VALUES, FAILED, TOLD or PROGRESS
/// 12  last      int   1: the task is done with this message, else 0; 2 more: it ran out of memory
/// 16  from      int   chunks: the first element it is about, else 0
/// 20  count     int   chunks: how many elements, else 1
/// 24  nanos     int   chunks: how long the worker was busy with them, at most; 0 if not measured
/// 28  payload         VALUE: the result by the codec; VALUES: an Object[] of `count` results;
///                     FAILED: an exception as StandInException.encode writes it;
///                     TOLD: a text by the codec, `task` is the question's number;
///                     PROGRESS: a double, then a text or null by the codec
/// ```
///
/// The messages of a task come in the order of its elements and cover each once.
///
/// Shorter messages are notices that the pool writes to whoever reads the results: one of no bytes
/// says that the worker has ended, behind all that it has sent; one of a single byte says to look
/// whether what is waited for has been taken elsewhere.
///
/// @param task the number of the task it belongs to
/// @param kind VALUE, VALUES, FAILED, TOLD or PROGRESS
/// @param isLast whether the task is done with it
/// @param from the first element it is about
/// @param count how many elements
/// @param nanos how long they took, 0 if that is not known
/// @param isOutOfMemory whether they failed for want of memory
record ResultHeader(
    long task, int kind, boolean isLast, int from, int count, int nanos, boolean isOutOfMemory) {
  static final int VALUE = 1;
  static final int VALUES = 2;
  static final int FAILED = 3;

  /// Not about a task: what the worker was asked for by an order.
  static final int TOLD = 4;

  /// How far a task is.
  static final int PROGRESS = 5;

  /// The number of no task: what the initializer threw, in a worker that will end now.
  static final long OF_INITIALIZER = 0;

  static final int LAST_AT = 12;
  static final int NANOS_AT = 24;
  static final int PAYLOAD_AT = 28;

  private static final int LAST = 1;
  private static final int OUT_OF_MEMORY = 2;

  /// Lengths of notices.
  static final int END_NOTICE = 0;

  static final int NUDGE = 1;

  /// Writes the header, before the payload; the time can be put in afterwards.
  static void write(long task, int kind, boolean isLast, int from, int count, ByteSink out) {
    out.putLong(task);
    out.putInt(kind);
    out.putInt(isLast ? 1 : 0);
    out.putInt(from);
    out.putInt(count);
    out.putInt(0);
  }

  /// Says that what failed did so for want of memory.
  static void setOutOfMemory(boolean isLast, ByteSink out) {
    out.setInt(LAST_AT, (isLast ? LAST : 0) | OUT_OF_MEMORY);
  }

  static ResultHeader read(byte[] message) throws StreamCorruptedException {
    ByteSource in = new ByteSource(message);
    long task = in.getLong();
    int kind = in.getInt();
    int last = in.getInt();
    int from = in.getInt();
    int count = in.getInt();
    int nanos = in.getInt();
    if (kind < VALUE
        || kind > PROGRESS
        || (last & ~(LAST | OUT_OF_MEMORY)) != 0
        || from < 0
        || count < 0
        || nanos < 0) {
      throw new StreamCorruptedException(
          "no message of a worker: kind=" + kind + ", from=" + from + ", count=" + count);
    }
    return new ResultHeader(
        task, kind, (last & LAST) != 0, from, count, nanos, (last & OUT_OF_MEMORY) != 0);
  }
}
