package io.procession.internal.arena;

/// A thread's number in the 32 bits that a lock's state has for it.
///
/// Numbers count all threads that a JVM ever had, virtual ones too. One of up to 31 bits stands there
/// as it is. Of a longer one the lower 31 bits stand there, below a bit that says so.
final class ThreadMark {
  private static final int LONGER = Integer.MIN_VALUE;

  private ThreadMark() {}

  static int of(long thread) {
    return isWhole(thread) ? (int) thread : (int) thread | LONGER;
  }

  /// True if the mark tells the whole number.
  static boolean isWhole(long thread) {
    return thread >>> 31 == 0;
  }

  /// The number of a mark, as well as it can be told.
  ///
  /// @param number the whole number that stands beside it, if it has one
  static long number(int mark, long number) {
    if (mark >= 0) {
      return mark;
    }
    return of(number) == mark ? number : mark & ~LONGER;
  }
}
