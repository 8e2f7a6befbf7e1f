package io.procession.connection;

import io.procession.internal.ring.EndRef;

/// Which end of a pipe.
enum End {
  /// Of a one-way pipe the end to receive from.
  FIRST,
  /// Of a one-way pipe the end to send into.
  SECOND;

  /// Its number in handles: the ring that a pipe is known by leads from the second end to the first.
  int part() {
    return this == FIRST ? EndRef.READERS : EndRef.WRITERS;
  }

  /// The end with a number, as handles name it.
  ///
  /// @throws IllegalArgumentException if there is none
  static End of(int number) {
    return switch (number) {
      case EndRef.READERS -> FIRST;
      case EndRef.WRITERS -> SECOND;
      default -> throw new IllegalArgumentException("a pipe has two ends: end=" + number);
    };
  }
}
