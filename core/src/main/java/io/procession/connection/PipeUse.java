package io.procession.connection;

import io.procession.internal.ring.EndUsers;
import io.procession.internal.ring.MessageRing;
import org.jspecify.annotations.Nullable;

/// What one connection to an end of a pipe has, until it leaves. Apart from [PipeChannel], so that it
/// can be ended when that is unreachable.
final class PipeUse {
  private final MessageRing forth;
  private final @Nullable MessageRing back;
  private final EndUsers own;
  private volatile boolean isUsed;
  private volatile boolean hasLeft;

  /// @param forth the ring from the second end to the first
  /// @param back the ring the other way, if there is one
  /// @param own who has this end; this connection is counted there
  PipeUse(MessageRing forth, @Nullable MessageRing back, EndUsers own) {
    this.forth = forth;
    this.back = back;
    this.own = own;
  }

  /// Says that the end is used here, not merely held.
  void begin() {
    if (!isUsed) {
      noteUse();
    }
  }

  private synchronized void noteUse() {
    if (!hasLeft) {
      own.use();
      isUsed = true;
    }
  }

  boolean hasLeft() {
    return hasLeft;
  }

  /// Ends it; the last one of all processes frees the pipe.
  void leave() {
    synchronized (this) {
      if (hasLeft) {
        return;
      }
      hasLeft = true;
    }
    forth.detach();
    if (back != null) {
      back.detach();
    }
    own.close();
  }
}
