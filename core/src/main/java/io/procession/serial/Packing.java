package io.procession.serial;

import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How the elements of a collection or array follow each other: each with its tag, or, when all are
/// of one simple class, without.
final class Packing {
  static final int NONE = 0;
  static final int INTEGERS = 1;
  static final int LONGS = 2;
  static final int DOUBLES = 3;
  static final int STRINGS = 4;

  private Packing() {}

  /// Writes all elements and in front of them which packing it is; false, and nothing, if there is
  /// none that fits. There must be an element.
  static boolean write(@Nullable Object[] elements, ByteSink out) {
    int start = out.length();
    Object first = elements[0];
    boolean packed = false;
    if (first instanceof Integer) {
      packed = writeIntegers(elements, out);
    } else if (first instanceof String) {
      packed = writeStrings(elements, out);
    } else if (first instanceof Long) {
      packed = writeLongs(elements, out);
    } else if (first instanceof Double) {
      packed = writeDoubles(elements, out);
    }
    if (!packed) {
      out.truncate(start);
    }
    return packed;
  }

  private static boolean writeIntegers(@Nullable Object[] elements, ByteSink out) {
    out.putByte(INTEGERS);
    int at = out.reserve((long) elements.length * Integer.BYTES);
    ByteBuffer view = out.view();
    for (Object element : elements) {
      if (!(element instanceof Integer value)) {
        return false;
      }
      view.putInt(at, value);
      at += Integer.BYTES;
    }
    return true;
  }

  private static boolean writeLongs(@Nullable Object[] elements, ByteSink out) {
    out.putByte(LONGS);
    int at = out.reserve((long) elements.length * Long.BYTES);
    ByteBuffer view = out.view();
    for (Object element : elements) {
      if (!(element instanceof Long value)) {
        return false;
      }
      view.putLong(at, value);
      at += Long.BYTES;
    }
    return true;
  }

  private static boolean writeDoubles(@Nullable Object[] elements, ByteSink out) {
    out.putByte(DOUBLES);
    int at = out.reserve((long) elements.length * Double.BYTES);
    ByteBuffer view = out.view();
    for (Object element : elements) {
      if (!(element instanceof Double value)) {
        return false;
      }
      view.putLong(at, Double.doubleToRawLongBits(value));
      at += Double.BYTES;
    }
    return true;
  }

  private static boolean writeStrings(@Nullable Object[] elements, ByteSink out) {
    out.putByte(STRINGS);
    for (Object element : elements) {
      if (!(element instanceof String value)) {
        return false;
      }
      out.putString(value);
    }
    return true;
  }

  /// Fills an array with elements of a packing other than [#NONE].
  static void read(int packing, @Nullable Object[] elements, ByteSource in)
      throws StreamCorruptedException {
    switch (packing) {
      case INTEGERS -> readIntegers(elements, in);
      case LONGS -> readLongs(elements, in);
      case DOUBLES -> readDoubles(elements, in);
      case STRINGS -> {
        for (int i = 0; i < elements.length; i++) {
          elements[i] = in.getString();
        }
      }
      default -> throw in.corrupt("unknown packing: packing=" + packing);
    }
  }

  private static void readIntegers(@Nullable Object[] elements, ByteSource in)
      throws StreamCorruptedException {
    int at = in.take((long) elements.length * Integer.BYTES);
    ByteBuffer view = in.view();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = view.getInt(at);
      at += Integer.BYTES;
    }
  }

  private static void readLongs(@Nullable Object[] elements, ByteSource in)
      throws StreamCorruptedException {
    int at = in.take((long) elements.length * Long.BYTES);
    ByteBuffer view = in.view();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = view.getLong(at);
      at += Long.BYTES;
    }
  }

  private static void readDoubles(@Nullable Object[] elements, ByteSource in)
      throws StreamCorruptedException {
    int at = in.take((long) elements.length * Double.BYTES);
    ByteBuffer view = in.view();
    for (int i = 0; i < elements.length; i++) {
      elements[i] = Double.longBitsToDouble(view.getLong(at));
      at += Double.BYTES;
    }
  }
}
