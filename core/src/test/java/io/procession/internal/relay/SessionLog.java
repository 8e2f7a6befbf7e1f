package io.procession.internal.relay;

import io.procession.internal.arena.Session;

/// For tests that count what is in use: the ring for the records of children is made once, by whoever
/// logs first, and stays.
public final class SessionLog {
  private SessionLog() {}

  /// Makes the ring, if there is none yet.
  public static void make() {
    var _ = LogRing.findOrCreate(Session.current());
  }
}
