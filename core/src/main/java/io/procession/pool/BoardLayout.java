package io.procession.pool;

import io.procession.internal.arena.Directory;

/// What a worker tells of itself without a message: the body of a WORKER cell that its pool reads
/// when the worker has died.
///
/// ```
/// 0   ready     long  1: it waits for tasks, or has begun one
/// 8   element   long  task number's lower half << 32 | the element of a chunk it runs now
/// ```
///
/// Only the worker writes here, each word by one store.
final class BoardLayout {
  private static final long READY_AT = 0;
  private static final long ELEMENT_AT = 8;

  private BoardLayout() {}

  static long readyAt(int cell) {
    return Directory.body(cell) + READY_AT;
  }

  static long elementAt(int cell) {
    return Directory.body(cell) + ELEMENT_AT;
  }

  static long element(long task, int element) {
    return task << 32 | element;
  }

  /// The element that a word names, or -1 if it is about another task.
  static int elementOf(long word, long task) {
    return (int) (word >>> 32) == (int) task ? (int) word : -1;
  }
}
