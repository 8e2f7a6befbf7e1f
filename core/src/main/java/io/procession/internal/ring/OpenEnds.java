package io.procession.internal.ring;

import io.procession.internal.arena.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ends of pipes that this process has, and how often each: by its connections, and by messages
/// that it has taken and not yet decoded. It is in an end's set of users as long as it has the end.
///
/// Nothing blocks while the map is locked, so this may be used with the lock of any ring held.
final class OpenEnds {
  private static final Map<Place, Open> ENDS = new HashMap<>(); // also the lock

  /// How often this process has left a set of users.
  private static int departures;

  /// An end in a process, of which this JVM may have several.
  ///
  /// @param process the participant
  record Place(int process, EndRef end) {
    // by hand, as those of EndRef
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place that && process == that.process && end.equals(that.end);
    }

    @Override
    public int hashCode() {
      return 31 * end.hashCode() + process;
    }
  }

  private static final class Open {
    int connections;
    int messages;
    boolean isShared;
    boolean isUsed;
  }

  private OpenEnds() {}

  /// Opens an end that this process has just made.
  static void openOwn(Session session, EndUsers users) {
    synchronized (ENDS) {
      session.holdings().join(users.set());
      open(users.place()).connections++;
    }
  }

  /// Opens an end whose handle has arrived.
  ///
  /// @throws IllegalStateException if the pipe is gone
  static void open(MessageRing pipe, EndUsers users) {
    Place end = users.place();
    while (true) {
      int before;
      synchronized (ENDS) {
        if (ENDS.containsKey(end)) {
          openShared(end);
          return;
        }
        before = departures;
      }
      pipe.join(users.set()); // waits for a lock, so outside of ours
      synchronized (ENDS) {
        if (ENDS.containsKey(end) || before == departures) { // else we may be out again
          openShared(end);
          return;
        }
      }
    }
  }

  private static void openShared(Place end) {
    Open open = open(end);
    open.connections++;
    open.isShared = true;
  }

  private static Open open(Place end) {
    Open open = ENDS.get(end);
    if (open == null) {
      open = new Open();
      ENDS.put(end, open);
    }
    return open;
  }

  /// Notes that a message with a handle of the end is about to be taken by this process. The end is
  /// still open, by that very message, so the pipe cannot be freed meanwhile.
  static void openByMessage(Session session, EndUsers users) {
    synchronized (ENDS) {
      Open open = open(users.place());
      if (open.connections + open.messages == 0) {
        session.holdings().join(users.set());
      }
      open.messages++;
      open.isShared = true;
    }
  }

  /// Ends what [#openByMessage] began.
  ///
  /// @return whether this process has left the end
  static boolean closeMessage(Session session, EndUsers users) {
    synchronized (ENDS) {
      open(users.place()).messages--;
      return leaveIfLast(session, users);
    }
  }

  /// Closes a connection.
  ///
  /// @return whether this process has left the end
  static boolean close(Session session, EndUsers users) {
    synchronized (ENDS) {
      open(users.place()).connections--;
      return leaveIfLast(session, users);
    }
  }

  private static boolean leaveIfLast(Session session, EndUsers users) {
    Open open = open(users.place());
    if (open.connections + open.messages > 0) {
      return false;
    }
    ENDS.remove(users.place());
    departures++;
    if (session.isOver()) {
      return false; // it was taken out when it was buried
    }
    users.set().remove(session.self());
    return true;
  }

  /// Notes that this process sends, receives or polls at the end.
  static void use(Place end) {
    synchronized (ENDS) {
      Open open = ENDS.get(end);
      if (open != null) {
        open.isUsed = true;
      }
    }
  }

  /// Does something for an end that is about to be sent, while this process is surely in its set.
  ///
  /// @throws IllegalStateException if it has left the end
  static void send(Place end, Runnable note) {
    synchronized (ENDS) {
      Open open = ENDS.get(end);
      if (open == null || open.connections == 0) {
        throw new IllegalStateException("a connection was closed while it was being sent");
      }
      open.isShared = true;
      note.run();
    }
  }

  /// True if this process waits for itself: it has the end, and has used it or never shared it.
  static boolean counts(Place end) {
    synchronized (ENDS) {
      Open open = ENDS.get(end);
      return open != null && (open.isUsed || !open.isShared || open.messages > 0);
    }
  }
}
