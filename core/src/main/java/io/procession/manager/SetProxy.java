package io.procession.manager;

import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.serial.NotSendableException;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A set of a manager. Its methods are calls of the server; iterators are weakly consistent, and fetch
/// many elements at a time.
@SuppressWarnings("NullAway") // the elements are what their users say they are
final class SetProxy<E> extends AbstractSet<E> implements Departing {
  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;

  SetProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    return remote.departing();
  }

  @Override
  public boolean add(E element) {
    return (boolean) remote.call("add", element);
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return (boolean) remote.call("remove", element);
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return (boolean) remote.call("contains", element);
  }

  @Override
  public int size() {
    return (int) remote.call("size");
  }

  @Override
  public boolean isEmpty() {
    return (boolean) remote.call("isEmpty");
  }

  @Override
  public void clear() {
    remote.call("clear");
  }

  @Override
  public boolean containsAll(Collection<?> elements) {
    return (boolean) remote.call("containsAll", new ArrayList<>(elements));
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    return (boolean) remote.call("addAll", new ArrayList<>(elements));
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return (boolean) remote.call("removeAll", new HashSet<>(elements));
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return (boolean) remote.call("retainAll", new HashSet<>(elements));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return remote.runs(filter) ? (boolean) remote.call("removeIf", filter) : super.removeIf(filter);
  }

  @Override
  public Iterator<E> iterator() {
    return new RemovingIterator<>(this, CursorIterator.over(remote));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof Set<?> set)) {
      return false;
    }
    try {
      return remote.isEqualTo(set instanceof Departing ? set : new HashSet<>(set));
    } catch (NotSendableException e) {
      return super.equals(set);
    }
  }

  @Override
  public int hashCode() {
    return remote.hash();
  }

  @Override
  public String toString() {
    return remote.describe();
  }
}
