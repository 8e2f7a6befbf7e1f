package io.procession.internal.remote;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;

/// An argument of a call that is an object of the server: the method gets the object itself.
///
/// @param ident the object's identity at its server
record Ref(String ident) implements Serializable {

  /// The same within an argument, in the place of a stub: it resolves as it is read. By itself a `Ref`
  /// does not, since what resolves is left to JDK serialization, which takes longer.
  record Nested(String ident) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      Dispatch dispatch = Dispatch.reading();
      if (dispatch == null) {
        throw new InvalidObjectException("a reference to an object of another process: " + ident);
      }
      try {
        Object referent = dispatch.objects().take(ident);
        Admission.isHere(referent);
        return referent;
      } catch (RequestException e) {
        throw new InvalidObjectException(e.getMessage(), e);
      }
    }
  }
}
