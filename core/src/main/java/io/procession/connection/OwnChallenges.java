package io.procession.connection;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The challenges that were sent through a connection, so that they are not answered here.
///
/// Nothing in Python's digests says which side made one. So who lacks the key could send a challenge
/// back that it has just got, through the same connection or another one of this process, and use the
/// answer for its own. A listener's challenge is answered by a client and the other way round, even
/// if both are in this process; one of the same side never is, as long as its exchange is open.
final class OwnChallenges {
  private static final Set<Sent> OPEN = ConcurrentHashMap.newKeySet();

  /// Who challenges first is the listener's side.
  private enum Side {
    LISTENER,
    CLIENT
  }

  /// A challenge that waits for its answer; bounded by the exchanges under way.
  private record Sent(Side side, ByteBuffer challenge) {}

  private @Nullable Side side;
  private @Nullable ByteBuffer last;

  /// Called before a challenge is sent.
  synchronized void add(byte[] challenge) {
    ByteBuffer sent = ByteBuffer.wrap(challenge.clone());
    last = sent;
    OPEN.add(new Sent(side(Side.LISTENER), sent));
  }

  /// Called when its exchange is over, whatever the outcome.
  synchronized void hasEnded(byte[] challenge) {
    OPEN.remove(new Sent(side(Side.LISTENER), ByteBuffer.wrap(challenge)));
  }

  /// Whether a challenge that was received was sent by this side.
  synchronized boolean contain(byte[] challenge) {
    ByteBuffer asked = ByteBuffer.wrap(challenge);
    return asked.equals(last) || OPEN.contains(new Sent(side(Side.CLIENT), asked));
  }

  /// @param first the side of who comes here first
  private Side side(Side first) {
    Side known = side;
    if (known == null) {
      known = first;
      side = known;
    }
    return known;
  }
}
