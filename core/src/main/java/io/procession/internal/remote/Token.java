package io.procession.internal.remote;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;

/// A result that stays at the server: the caller gets a stub of it.
///
/// @param type the name of its type at the server
/// @param ident its identity there
record Token(String type, String ident) implements Serializable {

  /// The same within a result: it becomes a stub as it is read. By itself a `Token` does not, since
  /// what resolves is left to JDK serialization, which takes longer.
  record Nested(String type, String ident) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      ServerLink link = ServerLink.current();
      if (link == null) {
        throw new InvalidObjectException("an object of a server nobody here has called: " + ident);
      }
      return link.stub(type, ident);
    }
  }
}
