package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Reads and writes of single words of shared memory, named by their strength.
///
/// Offsets are multiples of the word's size: the arena is page-aligned, and access by these handles
/// throws where a word is not aligned. Whoever changes a word by `compareAndSet` or publishes by
/// `setRelease` has its [CrashPoint] there.
public final class Words {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private Words() {}

  public static int getInt(MemorySegment memory, long at) {
    return (int) INT.get(memory, at);
  }

  public static int getIntAcquire(MemorySegment memory, long at) {
    return (int) INT.getAcquire(memory, at);
  }

  public static int getIntOpaque(MemorySegment memory, long at) {
    return (int) INT.getOpaque(memory, at);
  }

  public static int getIntVolatile(MemorySegment memory, long at) {
    return (int) INT.getVolatile(memory, at);
  }

  public static void setInt(MemorySegment memory, long at, int value) {
    INT.set(memory, at, value);
  }

  public static void setIntRelease(MemorySegment memory, long at, int value) {
    INT.setRelease(memory, at, value);
  }

  public static void setIntVolatile(MemorySegment memory, long at, int value) {
    INT.setVolatile(memory, at, value);
  }

  public static boolean compareAndSetInt(MemorySegment memory, long at, int expected, int value) {
    return INT.compareAndSet(memory, at, expected, value);
  }

  public static int getAndAddInt(MemorySegment memory, long at, int delta) {
    return (int) INT.getAndAdd(memory, at, delta);
  }

  public static long getLong(MemorySegment memory, long at) {
    return (long) LONG.get(memory, at);
  }

  public static long getLongAcquire(MemorySegment memory, long at) {
    return (long) LONG.getAcquire(memory, at);
  }

  public static long getLongVolatile(MemorySegment memory, long at) {
    return (long) LONG.getVolatile(memory, at);
  }

  public static void setLong(MemorySegment memory, long at, long value) {
    LONG.set(memory, at, value);
  }

  public static void setLongOpaque(MemorySegment memory, long at, long value) {
    LONG.setOpaque(memory, at, value);
  }

  public static long getLongOpaque(MemorySegment memory, long at) {
    return (long) LONG.getOpaque(memory, at);
  }

  public static void setLongRelease(MemorySegment memory, long at, long value) {
    LONG.setRelease(memory, at, value);
  }

  public static void setLongVolatile(MemorySegment memory, long at, long value) {
    LONG.setVolatile(memory, at, value);
  }

  public static boolean compareAndSetLong(
      MemorySegment memory, long at, long expected, long value) {
    return LONG.compareAndSet(memory, at, expected, value);
  }

  public static long getAndBitwiseOrLong(MemorySegment memory, long at, long bits) {
    return (long) LONG.getAndBitwiseOr(memory, at, bits);
  }

  public static long getAndBitwiseAndLong(MemorySegment memory, long at, long bits) {
    return (long) LONG.getAndBitwiseAnd(memory, at, bits);
  }
}
