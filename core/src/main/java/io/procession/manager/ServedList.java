package io.procession.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Vector;
import org.jspecify.annotations.Nullable;

/// A list at the server. A `Vector`, since each of its methods is one step for all threads.
///
/// What asks other objects (elements may be lists, too, and lists be compared with each other) does so
/// with a copy and without the monitor: two lists that asked each other at a time would wait for ever.
@SuppressWarnings({"JdkObsolete", "UnsynchronizedOverridesSynchronized"}) // for that
final class ServedList<E> extends Vector<E> implements ListCalls<E> {
  private static final long serialVersionUID = 1L;

  ServedList(Collection<? extends E> elements) {
    super(elements);
  }

  private synchronized List<E> copy() {
    return new ArrayList<>(this);
  }

  /// What does not change, and asks nobody.
  private static Collection<?> still(Collection<?> others) {
    return others instanceof ServedList<?> list ? list.copy() : others;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    return other instanceof ServedList<?> list ? copy().equals(list.copy()) : copy().equals(other);
  }

  @Override
  public int hashCode() {
    return copy().hashCode();
  }

  @Override
  public String toString() {
    return copy().toString();
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return copy().contains(element);
  }

  @Override
  public int indexOf(@Nullable Object element) {
    return copy().indexOf(element);
  }

  @Override
  public int lastIndexOf(@Nullable Object element) {
    return copy().lastIndexOf(element);
  }

  @Override
  public boolean containsAll(Collection<?> elements) {
    return copy().containsAll(still(elements));
  }

  @SuppressWarnings("ReferenceEquality") // equal ones would have to be asked
  private boolean isStill(List<E> copy) {
    boolean isSame = size() == copy.size();
    for (int i = 0; isSame && i < copy.size(); i++) {
      isSame = get(i) == copy.get(i);
    }
    return isSame;
  }

  /// Looks in a copy, and again if the list has changed since.
  @Override
  public boolean remove(@Nullable Object element) {
    while (true) {
      List<E> copy = copy();
      int index = copy.indexOf(element);
      synchronized (this) {
        if (isStill(copy)) {
          if (index >= 0) {
            remove(index);
          }
          return index >= 0;
        }
      }
    }
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return keep(elements, false);
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return keep(elements, true);
  }

  private boolean keep(Collection<?> elements, boolean isThose) {
    Collection<?> others = still(elements);
    while (true) {
      List<E> copy = copy();
      List<E> left = new ArrayList<>(copy);
      boolean isLess = isThose ? left.retainAll(others) : left.removeAll(others);
      synchronized (this) {
        if (isStill(copy)) {
          if (isLess) {
            clear();
            addAll(left);
          }
          return isLess;
        }
      }
    }
  }

  @Override
  public synchronized List<E> slice(int from, int most) {
    int size = size();
    int start = Math.min(from, size);
    return new ArrayList<>(subList(start, start + Math.min(most, size - start)));
  }

  @Override
  public synchronized void removeSlice(int from, int to) {
    subList(from, to).clear();
  }

  @Override
  public synchronized E getFirst() {
    return firstElement();
  }

  @Override
  public synchronized E getLast() {
    return lastElement();
  }

  @Override
  public synchronized E removeFirst() {
    return super.removeFirst();
  }

  @Override
  public synchronized E removeLast() {
    return super.removeLast();
  }
}
