package io.procession.shared;

import io.procession.internal.check.Require;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.Objects;

/// Reads and writes of many elements in memory that is guarded by the caller.
final class Bulk {
  private Bulk() {}

  /// Makes sure that a copy between `length` elements and a Java array can be done.
  static void check(
      ElementType<?> type, long length, long index, Object array, int start, int count) {
    Require.notNull("array", array);
    if (array.getClass().getComponentType() != type.carrier()) {
      throw new IllegalArgumentException(
          "the array is of another type: expected "
              + type
              + "[], array="
              + array.getClass().getTypeName()
              + "; take an array of that type");
    }
    Objects.checkFromIndexSize(index, count, length);
    Objects.checkFromIndexSize(start, count, Array.getLength(array));
  }

  static void read(
      ElementType<?> type, MemorySegment data, long index, Object target, int start, int count) {
    if (target instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        booleans[start + i] = data.get(ValueLayout.JAVA_BYTE, index + i) != 0;
      }
      return;
    }
    MemorySegment.copy(data, type.layout, index * type.size, target, start, count);
  }

  static void write(
      ElementType<?> type, MemorySegment data, long index, Object source, int start, int count) {
    if (source instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        data.set(ValueLayout.JAVA_BOOLEAN, index + i, booleans[start + i]);
      }
      return;
    }
    MemorySegment.copy(source, start, data, type.layout, index * type.size, count);
  }

  /// Fills by doubling: one element, then what is there already.
  static void fill(ElementType<?> type, MemorySegment data, long length, Object value) {
    Elements.set(type, data, 0, value);
    long size = length * type.size;
    long done = type.size;
    while (done < size) {
      long next = Math.min(done, size - done);
      MemorySegment.copy(data, 0, data, done, next);
      done += next;
    }
  }
}
