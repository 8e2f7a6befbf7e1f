package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Reads and writes of single words of shared memory, named by their strength.
///
/// Offsets are multiples of the word's size: the arena is page-aligned, and access by these handles
/// throws where a word is not aligned. Whoever changes a word by `compareAndSet` or publishes by
/// `setRelease` has its [FailPoint] there.
public final class Words {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private Words() {}

  public static int getInt(MemorySegment memory, long at) {
    Steps.load();
    return (int) INT.get(memory, at);
  }

  public static int getIntAcquire(MemorySegment memory, long at) {
    Steps.load();
    return (int) INT.getAcquire(memory, at);
  }

  public static int getIntOpaque(MemorySegment memory, long at) {
    Steps.load();
    return (int) INT.getOpaque(memory, at);
  }

  public static int getIntVolatile(MemorySegment memory, long at) {
    Steps.load();
    return (int) INT.getVolatile(memory, at);
  }

  public static void setInt(MemorySegment memory, long at, int value) {
    Steps.store();
    INT.set(memory, at, value);
  }

  public static void setIntRelease(MemorySegment memory, long at, int value) {
    Steps.store();
    INT.setRelease(memory, at, value);
  }

  public static void setIntVolatile(MemorySegment memory, long at, int value) {
    Steps.store();
    INT.setVolatile(memory, at, value);
  }

  public static boolean compareAndSetInt(MemorySegment memory, long at, int expected, int value) {
    Steps.store();
    return INT.compareAndSet(memory, at, expected, value);
  }

  public static int getAndAddInt(MemorySegment memory, long at, int delta) {
    Steps.store();
    return (int) INT.getAndAdd(memory, at, delta);
  }

  public static long getLong(MemorySegment memory, long at) {
    Steps.load();
    return (long) LONG.get(memory, at);
  }

  public static long getLongAcquire(MemorySegment memory, long at) {
    Steps.load();
    return (long) LONG.getAcquire(memory, at);
  }

  public static long getLongVolatile(MemorySegment memory, long at) {
    Steps.load();
    return (long) LONG.getVolatile(memory, at);
  }

  public static void setLong(MemorySegment memory, long at, long value) {
    Steps.store();
    LONG.set(memory, at, value);
  }

  public static void setLongOpaque(MemorySegment memory, long at, long value) {
    Steps.store();
    LONG.setOpaque(memory, at, value);
  }

  public static long getLongOpaque(MemorySegment memory, long at) {
    Steps.load();
    return (long) LONG.getOpaque(memory, at);
  }

  public static void setLongRelease(MemorySegment memory, long at, long value) {
    Steps.store();
    LONG.setRelease(memory, at, value);
  }

  public static void setLongVolatile(MemorySegment memory, long at, long value) {
    Steps.store();
    LONG.setVolatile(memory, at, value);
  }

  public static boolean compareAndSetLong(
      MemorySegment memory, long at, long expected, long value) {
    Steps.store();
    return LONG.compareAndSet(memory, at, expected, value);
  }

  public static long getAndBitwiseOrLong(MemorySegment memory, long at, long bits) {
    Steps.store();
    return (long) LONG.getAndBitwiseOr(memory, at, bits);
  }

  public static long getAndBitwiseAndLong(MemorySegment memory, long at, long bits) {
    Steps.store();
    return (long) LONG.getAndBitwiseAnd(memory, at, bits);
  }

  /// Copies a part of an array to memory. By a segment of the array: the JDK's own copying from arrays
  /// asks for their kind by a pattern switch, and to make that takes a young JVM two milliseconds.
  public static void copyIn(byte[] bytes, int from, MemorySegment memory, long at, int length) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), from, memory, at, length);
  }

  /// Copies memory to a part of an array, likewise.
  public static void copyOut(MemorySegment memory, long at, byte[] bytes, int from, int length) {
    MemorySegment.copy(memory, at, MemorySegment.ofArray(bytes), from, length);
  }
}
