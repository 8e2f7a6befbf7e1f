package io.procession.pool;

import io.procession.internal.arena.Directory;

/// What a worker tells of itself without a message: the body of a WORKER cell that its pool reads
/// when the worker has died.
///
/// ```
/// 0   ready     long  1: it waits for tasks, or has begun one; 2: and it wakes who sleeps at its ring
/// 8   element   long  task number's lower half << 32 | the element of a chunk it runs now
/// 16  held      long  1: it may begin no other element; written by the pool
/// ```
///
/// The worker writes the first two, the pool the third, each word by one store. A worker whose elements are
/// watched stores the next element and then looks whether it is held; if so it takes that back, and waits. The
/// pool holds it and then looks at the element. With a full fence between the two on both sides one sees the other: so an
/// element that the pool sees while it holds the worker is the last that this has begun, until it is let go or killed.
final class BoardLayout {
  static final long READY = 1;

  /// It is young no longer: it has linked the native calls that wake others.
  static final long GROWN = 2;

  private static final long READY_AT = 0;
  private static final long ELEMENT_AT = 8;
  private static final long HELD_AT = 16;

  private BoardLayout() {}

  static long readyAt(int cell) {
    return Directory.body(cell) + READY_AT;
  }

  static long elementAt(int cell) {
    return Directory.body(cell) + ELEMENT_AT;
  }

  static long heldAt(int cell) {
    return Directory.body(cell) + HELD_AT;
  }

  static long element(long task, int element) {
    return task << 32 | element;
  }

  /// The element that a word names, or -1 if it is about another task.
  static int elementOf(long word, long task) {
    return (int) (word >>> 32) == (int) task ? (int) word : -1;
  }
}
