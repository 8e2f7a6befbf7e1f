package io.procession.internal.remote;

import io.procession.internal.arena.Session;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stub on its way to another process. It holds the object until it has arrived somewhere.
///
/// @param server where the object is
/// @param type the name of its type there
/// @param ident its identity there
/// @param departure the number under which the server notes that it is on its way
/// @param session the session of the process that has sent it
/// @param note what tells other processes of that session how the server is reached, if it is not of
///     that session itself; see [Way]
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Transit(
    ServerRef server,
    String type,
    String ident,
    long departure,
    long session,
    byte @Nullable [] note)
    implements Serializable {

  private Object readResolve() throws ObjectStreamException {
    try {
      ServerLink known = ServerLink.inUse(server);
      ServerLink link = known != null ? known : ServerLink.to(server, ways());
      link.keep();
      link.serve(Wire.ARRIVE, ident, departure);
      return link.stub(type, ident);
    } catch (IOException | RuntimeException e) {
      throw new InvalidObjectException(
          "a proxy of " + type + " of " + server + " cannot arrive here: " + e.getMessage(), e);
    }
  }

  /// As its sender reaches the server, if that is of this session; as the server is reached that has
  /// brought it; with this process's own key.
  private List<Way> ways() throws IOException {
    List<Way> ways = new ArrayList<>();
    if (note != null && session == Session.current().id()) {
      ways.add(Way.read(note));
    }
    ServerLink bringing = ServerLink.current();
    if (bringing != null && !bringing.lines().isLocal()) {
      ways.add(bringing.lines().way());
    }
    ways.add(Way.own());
    return ways;
  }
}
