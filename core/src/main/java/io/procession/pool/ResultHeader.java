package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import java.io.StreamCorruptedException;

/// A message from a worker to its pool.
///
/// ```
/// 0   task      long  the number of the task it belongs to
/// 8   kind      int   VALUE, VALUES or FAILED
/// 12  last      int   1: the task is done with this message, else 0
/// 16  from      int   chunks: the first element it is about, else 0
/// 20  count     int   chunks: how many elements, else 1
/// 24  payload         VALUE: the result by the codec; VALUES: an Object[] of `count` results;
///                     FAILED: an exception as StandInException.encode writes it
/// ```
///
/// The messages of a task come in the order of its elements and cover each once.
///
/// Shorter messages are notices that the pool writes to whoever reads the results: one of no bytes
/// says that the worker has ended, behind all that it has sent; one of a single byte says to look
/// whether what is waited for has been taken elsewhere.
///
/// @param task the number of the task it belongs to
/// @param kind VALUE, VALUES or FAILED
/// @param isLast whether the task is done with it
/// @param from the first element it is about
/// @param count how many elements
record ResultHeader(long task, int kind, boolean isLast, int from, int count) {
  static final int VALUE = 1;
  static final int VALUES = 2;
  static final int FAILED = 3;

  static final int PAYLOAD_AT = 24;

  /// Lengths of notices.
  static final int END_NOTICE = 0;

  static final int NUDGE = 1;

  /// Writes the header, before the payload.
  static void write(long task, int kind, boolean isLast, int from, int count, ByteSink out) {
    out.putLong(task);
    out.putInt(kind);
    out.putInt(isLast ? 1 : 0);
    out.putInt(from);
    out.putInt(count);
  }

  static ResultHeader read(byte[] message) throws StreamCorruptedException {
    ByteSource in = new ByteSource(message);
    long task = in.getLong();
    int kind = in.getInt();
    int last = in.getInt();
    int from = in.getInt();
    int count = in.getInt();
    if (kind < VALUE || kind > FAILED || (last & ~1) != 0 || from < 0 || count < 0) {
      throw new StreamCorruptedException(
          "no message of a worker: kind=" + kind + ", from=" + from + ", count=" + count);
    }
    return new ResultHeader(task, kind, last == 1, from, count);
  }
}
