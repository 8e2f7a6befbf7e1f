package io.procession.manager;

import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.process.RemoteCallException;
import io.procession.serial.NotSendableException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.RandomAccess;
import java.util.Spliterator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A list of a manager. Its methods are calls of the server, each one step for all processes; what
/// goes over many elements (iterators, streams, copies) fetches many at a time. Functions that can be
/// sent run at the server, others here, element by element.
@SuppressWarnings({"unchecked", "NullAway"}) // the elements are what their users say they are
final class ListProxy<E> extends AbstractList<E> implements RandomAccess, Departing {
  static final int BATCH = 512;

  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;

  ListProxy(RemoteReference remote) {
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

  /// Elements from an index on, up to a number.
  List<E> slice(int from, int most) {
    return (List<E>) remote.call("slice", from, most);
  }

  /// The same, but perhaps fewer: one at least, unless there is none.
  List<E> part(int from, int most) {
    return (List<E>) remote.call("part", from, most);
  }

  /// A copy at one moment, unless it is too long for a message: that is fetched in parts.
  private List<E> copy() {
    try {
      return slice(0, Integer.MAX_VALUE);
    } catch (RemoteCallException e) {
      if (!RemoteReference.isTooLong(e)) {
        throw e;
      }
    }
    List<E> all = new ArrayList<>();
    List<E> part = part(0, BATCH);
    while (!part.isEmpty()) {
      all.addAll(part);
      part = part(all.size(), BATCH);
    }
    return all;
  }

  @Override
  public E get(int index) {
    return (E) remote.call("get", index);
  }

  @Override
  public E set(int index, E element) {
    return (E) remote.call("set", index, element);
  }

  @Override
  public boolean add(E element) {
    return (boolean) remote.call("add", element);
  }

  @Override
  public void add(int index, E element) {
    remote.call("add", index, element);
  }

  @Override
  public E remove(int index) {
    return (E) remote.call("remove(int)", index);
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return (boolean) remote.call("remove(java.lang.Object)", element);
  }

  @Override
  public E getFirst() {
    return (E) remote.call("getFirst");
  }

  @Override
  public E getLast() {
    return (E) remote.call("getLast");
  }

  @Override
  public E removeFirst() {
    return (E) remote.call("removeFirst");
  }

  @Override
  public E removeLast() {
    return (E) remote.call("removeLast");
  }

  @Override
  protected void removeRange(int from, int to) {
    remote.call("removeSlice", from, to);
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
  public boolean contains(@Nullable Object element) {
    return (boolean) remote.call("contains", element);
  }

  @Override
  public int indexOf(@Nullable Object element) {
    return (int) remote.call("indexOf", element);
  }

  @Override
  public int lastIndexOf(@Nullable Object element) {
    return (int) remote.call("lastIndexOf", element);
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
  public boolean addAll(int index, Collection<? extends E> elements) {
    return (boolean) remote.call("addAll", index, new ArrayList<>(elements));
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return (boolean) remote.call("removeAll", new ArrayList<>(elements));
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return (boolean) remote.call("retainAll", new ArrayList<>(elements));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return remote.runs(filter) ? (boolean) remote.call("removeIf", filter) : super.removeIf(filter);
  }

  @Override
  public void replaceAll(UnaryOperator<E> operator) {
    if (remote.runs(operator)) {
      remote.call("replaceAll", operator);
    } else {
      super.replaceAll(operator);
    }
  }

  @Override
  public void sort(@Nullable Comparator<? super E> order) {
    if (order == null || remote.runs(order)) {
      remote.call("sort", order);
    } else {
      super.sort(order);
    }
  }

  @Override
  public Iterator<E> iterator() {
    return new SliceIterator<>(this, 0);
  }

  @Override
  public ListIterator<E> listIterator() {
    return new SliceIterator<>(this, 0);
  }

  @Override
  public ListIterator<E> listIterator(int index) {
    if (index < 0 || index > size()) {
      throw new IndexOutOfBoundsException("index=" + index + ", size=" + size());
    }
    return new SliceIterator<>(this, index);
  }

  @Override
  public Spliterator<E> spliterator() {
    return copy().spliterator();
  }

  @Override
  public Object[] toArray() {
    return copy().toArray();
  }

  @Override
  public <T> T[] toArray(T[] target) {
    return copy().toArray(target);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof List<?> list)) {
      return false;
    }
    try {
      return remote.isEqualTo(list instanceof Departing ? list : Arrays.asList(list.toArray()));
    } catch (NotSendableException e) {
      return copy().equals(list);
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
