package io.procession.manager;

import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What callers have of an iterator that a method at the server has returned. One that is sent on leaves
/// what it has fetched ahead to whoever gets it.
final class IteratorProxy implements Iterator<Object>, Departing {
  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;
  private final transient CursorIterator elements;

  IteratorProxy(RemoteReference remote) {
    this.remote = remote;
    this.elements = new CursorIterator(remote, true);
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    elements.giveBack();
    return remote.departing();
  }

  @Override
  public boolean hasNext() {
    return elements.hasNext();
  }

  @Override
  public Object next() {
    return elements.next();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "IteratorProxy[" + remote + "]";
  }
}
