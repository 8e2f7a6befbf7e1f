package io.procession.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Reads and writes of boxed elements in memory that is checked and guarded by the caller.
final class Elements {
  private static final VarHandle BOOLEAN = ValueLayout.JAVA_BOOLEAN.varHandle();
  private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
  private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();
  private static final VarHandle CHAR = ValueLayout.JAVA_CHAR.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle FLOAT = ValueLayout.JAVA_FLOAT.varHandle();
  private static final VarHandle DOUBLE = ValueLayout.JAVA_DOUBLE.varHandle();

  private Elements() {}

  @SuppressWarnings("unchecked") // the letter says what T is
  static <T> T get(ElementType<T> type, MemorySegment data, long at) {
    return (T)
        switch (type.letter) {
          case 'Z' -> (Object) ((byte) BYTE.get(data, at) != 0);
          case 'B' -> (byte) BYTE.get(data, at);
          case 'S' -> (short) SHORT.get(data, at);
          case 'C' -> (char) CHAR.get(data, at);
          case 'I' -> (int) INT.get(data, at);
          case 'J' -> (long) LONG.get(data, at);
          case 'F' -> (float) FLOAT.get(data, at);
          default -> (double) DOUBLE.get(data, at);
        };
  }

  static void set(ElementType<?> type, MemorySegment data, long at, Object value) {
    switch (type.letter) {
      case 'Z' -> BOOLEAN.set(data, at, (boolean) value);
      case 'B' -> BYTE.set(data, at, (byte) value);
      case 'S' -> SHORT.set(data, at, (short) value);
      case 'C' -> CHAR.set(data, at, (char) value);
      case 'I' -> INT.set(data, at, (int) value);
      case 'J' -> LONG.set(data, at, (long) value);
      case 'F' -> FLOAT.set(data, at, (float) value);
      default -> DOUBLE.set(data, at, (double) value);
    }
  }

  @SuppressWarnings("unchecked") // the letter says what T is
  static <T> T getVolatile(ElementType<T> type, MemorySegment data, long at) {
    return (T)
        switch (type.letter) {
          case 'Z' -> (Object) ((byte) BYTE.getVolatile(data, at) != 0);
          case 'B' -> (byte) BYTE.getVolatile(data, at);
          case 'S' -> (short) SHORT.getVolatile(data, at);
          case 'C' -> (char) CHAR.getVolatile(data, at);
          case 'I' -> (int) INT.getVolatile(data, at);
          case 'J' -> (long) LONG.getVolatile(data, at);
          case 'F' -> (float) FLOAT.getVolatile(data, at);
          default -> (double) DOUBLE.getVolatile(data, at);
        };
  }

  static void setVolatile(ElementType<?> type, MemorySegment data, long at, Object value) {
    switch (type.letter) {
      case 'Z' -> BOOLEAN.setVolatile(data, at, (boolean) value);
      case 'B' -> BYTE.setVolatile(data, at, (byte) value);
      case 'S' -> SHORT.setVolatile(data, at, (short) value);
      case 'C' -> CHAR.setVolatile(data, at, (char) value);
      case 'I' -> INT.setVolatile(data, at, (int) value);
      case 'J' -> LONG.setVolatile(data, at, (long) value);
      case 'F' -> FLOAT.setVolatile(data, at, (float) value);
      default -> DOUBLE.setVolatile(data, at, (double) value);
    }
  }

  /// An atomic exchange by the processor, of floating numbers by their bits.
  static boolean compareAndSet(
      ElementType<?> type, MemorySegment data, long at, Object expected, Object value) {
    return switch (type.letter) {
      case 'I' -> INT.compareAndSet(data, at, (int) expected, (int) value);
      case 'J' -> LONG.compareAndSet(data, at, (long) expected, (long) value);
      case 'F' -> FLOAT.compareAndSet(data, at, (float) expected, (float) value);
      case 'D' -> DOUBLE.compareAndSet(data, at, (double) expected, (double) value);
      default -> throw noAtomics(type);
    };
  }

  /// Refuses a type that has no atomic exchange.
  static void requireAtomics(ElementType<?> type) {
    switch (type.letter) {
      case 'I', 'J', 'F', 'D' -> {}
      default -> throw noAtomics(type);
    }
  }

  /// An atomic addition by the processor.
  @SuppressWarnings("unchecked") // the letter says what T is
  static <T> T getAndAdd(ElementType<T> type, MemorySegment data, long at, T delta) {
    return switch (type.letter) {
      case 'I' -> (T) (Object) (int) INT.getAndAdd(data, at, (int) (Object) delta);
      case 'J' -> (T) (Object) (long) LONG.getAndAdd(data, at, (long) (Object) delta);
      case 'F', 'D' -> {
        T old = getVolatile(type, data, at);
        while (!compareAndSet(type, data, at, old, sum(type, old, delta))) {
          old = getVolatile(type, data, at);
        }
        yield old;
      }
      default -> throw noAtomics(type);
    };
  }

  /// The sum in the type's own arithmetic, which wraps around.
  @SuppressWarnings("unchecked") // the letter says what T is
  static <T> T sum(ElementType<T> type, T a, T b) {
    Object x = a;
    Object y = b;
    return (T)
        switch (type.letter) {
          case 'B' -> (Object) (byte) ((byte) x + (byte) y);
          case 'S' -> (short) ((short) x + (short) y);
          case 'C' -> (char) ((char) x + (char) y);
          case 'I' -> (int) x + (int) y;
          case 'J' -> (long) x + (long) y;
          case 'F' -> (float) x + (float) y;
          case 'D' -> (double) x + (double) y;
          default -> throw new UnsupportedOperationException("there is no sum of type " + type);
        };
  }

  /// Whether two values are the same by their bits.
  static boolean isSame(ElementType<?> type, Object a, Object b) {
    return switch (type.letter) {
      case 'F' -> Float.floatToRawIntBits((float) a) == Float.floatToRawIntBits((float) b);
      case 'D' -> Double.doubleToRawLongBits((double) a) == Double.doubleToRawLongBits((double) b);
      default -> a.equals(b);
    };
  }

  private static UnsupportedOperationException noAtomics(ElementType<?> type) {
    return new UnsupportedOperationException(
        "atomic operations without a lock are for int, long, float and double: type=" + type);
  }
}
