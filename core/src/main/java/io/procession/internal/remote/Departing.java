package io.procession.internal.remote;

import java.io.ObjectStreamException;

/// Gives the class of a dynamic proxy, which has the methods of its interfaces only, what JDK
/// serialization looks for.
public interface Departing extends Remote, java.io.Serializable {
  /// What is written in the stub's place.
  Object writeReplace() throws ObjectStreamException;
}
