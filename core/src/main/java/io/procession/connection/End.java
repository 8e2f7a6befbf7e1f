package io.procession.connection;

/// Which end of a pipe.
enum End {
  /// Of a one-way pipe the end to receive from.
  FIRST,
  /// Of a one-way pipe the end to send into.
  SECOND
}
