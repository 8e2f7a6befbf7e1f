package io.procession.shared;

import java.lang.foreign.MemorySegment;

/// Operations in one step: by the processor, or by the lock that the caller holds.
final class Atomics {
  private Atomics() {}

  static <T> T getAndAdd(ElementType<T> type, MemorySegment data, long at, T delta, boolean raw) {
    if (raw) {
      return Elements.getAndAdd(type, data, at, delta);
    }
    T old = Elements.get(type, data, at);
    Elements.set(type, data, at, Elements.sum(type, old, delta));
    return old;
  }

  static <T> boolean compareAndSet(
      ElementType<T> type, MemorySegment data, long at, T expected, T value, boolean raw) {
    if (raw) {
      return Elements.compareAndSet(type, data, at, expected, value);
    }
    boolean same = Elements.isSame(type, Elements.get(type, data, at), expected);
    if (same) {
      Elements.set(type, data, at, value);
    }
    return same;
  }
}
