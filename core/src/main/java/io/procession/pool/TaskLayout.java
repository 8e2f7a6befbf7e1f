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
/// 8   kind      byte  END, CALL, APPLY, MAP or EACH
/// 9   flags     byte  WATCHED: its elements are watched, each for itself; GROWING: see below
/// 10  attempt   short how often it has been begun, this time too
/// 12  from      int   MAP, EACH: the first element to run; those before it are done
/// 16  count     int   MAP, EACH: how many elements the chunk has
/// 20  tried     int   the element that was begun so often, 0 if it is no chunk; the others are new
/// 24  function        by the codec: a SerializableCallable for CALL, else a SerializableFunction
///     argument        by the codec: APPLY its argument; MAP, EACH an Object[], the chunk
/// ```
///
/// An END has nothing behind `tried`: the worker leaves in order.
final class TaskLayout {
  static final int END = 0;
  static final int CALL = 1;
  static final int APPLY = 2;

  /// A chunk of a map: the first element that fails ends it.
  static final int MAP = 3;

  /// A chunk whose elements fail each for itself.
  static final int EACH = 4;

  static final int FROM_AT = 12;
  static final int KIND_AT = 8;
  static final int TRIED_AT = 20;
  static final int HEADER = 24;

  /// An element may be asked to end, and the next is not to be hit then.
  static final int WATCHED = 1;

  /// A chunk ends at an element that runs out of memory: the rest is for a larger worker.
  static final int GROWING = 2;

  private static final int FLAGS_SHIFT = 8;
  private static final int ATTEMPT_SHIFT = 16;
  private static final int LOW_BYTE = 0xff;
  private static final int MOST_ATTEMPTS = 0xffff;

  private static final int INITIAL_CAPACITY = 256;

  private TaskLayout() {}

  static ByteSink end() {
    return header(0, END, 0);
  }

  /// A message to be written, into which long arrays are copied: what they have now is what is sent.
  static ByteSink open() {
    return new ByteSink(INITIAL_CAPACITY).keepingHandles();
  }

  /// @param out an [#open] message, which is returned
  static ByteSink call(long task, Codec codec, Object function, ByteSink out) {
    putHeader(task, CALL, 1, out);
    codec.encode(function, out);
    return out;
  }

  /// @param out an [#open] message, which is returned
  static ByteSink apply(
      long task, Codec codec, Object function, @Nullable Object argument, ByteSink out) {
    putHeader(task, APPLY, 1, out);
    codec.encode(function, out);
    codec.encode(argument, out);
    return out;
  }

  static ByteSink apply(long task, FunctionBytes function, Codec codec, @Nullable Object argument) {
    ByteSink out = header(task, APPLY, 1);
    function.writeTo(out);
    codec.encode(argument, out);
    return out;
  }

  /// @param kind MAP or EACH
  static ByteSink chunk(
      long task, int kind, Codec codec, FunctionBytes function, @Nullable Object[] elements) {
    ByteSink out = header(task, kind, elements.length);
    function.writeTo(out);
    codec.encode(elements, out);
    return out;
  }

  /// The kind of a message, from the int in which flags and attempt lie, too.
  static int kind(int word) {
    return word & LOW_BYTE;
  }

  static boolean isWatched(int word) {
    return (word >>> FLAGS_SHIFT & WATCHED) != 0;
  }

  static boolean isGrowing(int word) {
    return (word >>> FLAGS_SHIFT & GROWING) != 0;
  }

  static int attempt(int word) {
    return word >>> ATTEMPT_SHIFT;
  }

  /// @param flag WATCHED or GROWING
  static void set(int flag, ByteSink message) {
    message.setInt(KIND_AT, word(message) | flag << FLAGS_SHIFT);
  }

  /// @param flag WATCHED or GROWING
  static void clear(int flag, ByteSink message) {
    message.setInt(KIND_AT, word(message) & ~(flag << FLAGS_SHIFT));
  }

  /// @param attempt how often what is tried has been begun, this time too
  /// @param tried the element of a chunk, 0 for another task
  static void setAttempt(ByteSink message, int attempt, int tried) {
    int word = word(message) & MOST_ATTEMPTS;
    message.setInt(KIND_AT, word | Math.min(attempt, MOST_ATTEMPTS) << ATTEMPT_SHIFT);
    message.setInt(TRIED_AT, tried);
  }

  private static int word(ByteSink message) {
    return message.getInt(KIND_AT);
  }

  /// Whether a message is no more than its header, and would have more if there were memory for it.
  static boolean isHead(byte[] message) {
    int word = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(KIND_AT);
    return message.length == HEADER && kind(word) != END;
  }

  /// The number of the task in a message.
  static long task(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static ByteSink header(long task, int kind, int count) {
    ByteSink out = open();
    putHeader(task, kind, count, out);
    return out;
  }

  private static void putHeader(long task, int kind, int count, ByteSink out) {
    out.putLong(task);
    out.putInt(kind | 1 << ATTEMPT_SHIFT);
    out.putInt(0);
    out.putInt(count);
    out.putInt(0);
  }
}
