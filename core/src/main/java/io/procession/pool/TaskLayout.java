package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A message from a pool to one of its workers.
///
/// ```
/// 0   task      long  the task's number in its pool
/// 8   kind      int   END, CALL, APPLY, MAP or EACH
/// 12  from      int   MAP, EACH: the first element to run; those before it are done
/// 16  count     int   MAP, EACH: how many elements the chunk has
/// 20  function        by the codec: a SerializableCallable for CALL, else a SerializableFunction
///     argument        by the codec: APPLY its argument; MAP, EACH an Object[], the chunk
/// ```
///
/// An END has nothing behind `count`: the worker leaves in order.
final class TaskLayout {
  static final int END = 0;
  static final int CALL = 1;
  static final int APPLY = 2;

  /// A chunk of a map: the first element that fails ends it.
  static final int MAP = 3;

  /// A chunk whose elements fail each for itself.
  static final int EACH = 4;

  static final int FROM_AT = 12;

  private static final int INITIAL_CAPACITY = 256;

  private TaskLayout() {}

  static ByteSink end() {
    return header(0, END, 0);
  }

  static ByteSink call(long task, Codec codec, Object function) {
    ByteSink out = header(task, CALL, 1);
    codec.encode(function, out);
    return out;
  }

  static ByteSink apply(long task, Codec codec, Object function, @Nullable Object argument) {
    ByteSink out = header(task, APPLY, 1);
    codec.encode(function, out);
    codec.encode(argument, out);
    return out;
  }

  /// @param kind MAP or EACH
  static ByteSink chunk(
      long task, int kind, Codec codec, Object function, @Nullable Object[] elements) {
    ByteSink out = header(task, kind, elements.length);
    codec.encode(function, out);
    codec.encode(elements, out);
    return out;
  }

  /// The number of the task in a message.
  static long task(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static ByteSink header(long task, int kind, int count) {
    ByteSink out = new ByteSink(INITIAL_CAPACITY).keepingHandles();
    out.putLong(task);
    out.putInt(kind);
    out.putInt(0);
    out.putInt(count);
    return out;
  }
}
