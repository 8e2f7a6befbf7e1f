package io.procession.internal.remote;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.internal.arena.Session;
import io.procession.queue.SharedQueue;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a server is reached. It travels with each stub.
///
/// @param id the server's own name for itself, unique
/// @param name for messages
/// @param session the session of the process that serves
/// @param participant that process in its session
/// @param door where processes of that session leave their end of a pipe to it; null if it has none
/// @param address where all others connect; null if it listens nowhere
public record ServerRef(
    String id,
    String name,
    long session,
    int participant,
    @Nullable SharedQueue<Connection> door,
    @Nullable Address address)
    implements Serializable {

  /// The same on its way, where it may come to other sessions: they have no use for the door.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Sent(
      String id,
      String name,
      long session,
      int participant,
      byte @Nullable [] door,
      @Nullable Address address)
      implements Serializable {

    @SuppressWarnings("unchecked") // of what was enclosed as that
    private Object readResolve() throws ObjectStreamException {
      try {
        boolean isOurs = door != null && session == Session.current().id();
        Object disclosed = isOurs ? Enclosed.disclose(Objects.requireNonNull(door)) : null;
        return new ServerRef(
            id, name, session, participant, (SharedQueue<Connection>) disclosed, address);
      } catch (IOException | ClassCastException e) {
        throw new InvalidObjectException("no door of a server: " + e.getMessage(), e);
      }
    }
  }

  private Object writeReplace() {
    byte[] enclosed = door == null ? null : Enclosed.enclose(door);
    return new Sent(id, name, session, participant, enclosed, address);
  }

  /// Servers are told apart by their ids.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerRef that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(id);
  }

  @Override
  public String toString() {
    return name + (address == null ? "" : " at " + address);
  }
}
