package io.procession.manager;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A list at the server. Its monitor guards the elements, and each method is one step for all threads.
///
/// What asks other objects (elements may be lists, too, and lists be compared with each other) or runs
/// functions of callers does so with a still copy and without the monitor: two lists that asked each other
/// at a time would wait for ever, as would all for a function that never returns ([#ofAll] says when that does
/// not hold). So whoever goes over a list, as another one does that it is compared with, sees it as it was
/// at one moment.
class ServedList<E> extends AbstractList<E> implements ListCalls<E>, Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<E> elements; // guarded by this

  ServedList(Collection<? extends E> elements) {
    this.elements = new ArrayList<>(elements);
  }

  /// Called with the monitor before the length changes.
  ///
  /// @throws UnsupportedOperationException if it may not
  void resize() {
    // it may
  }

  private synchronized List<E> copy() {
    return new ArrayList<>(elements);
  }

  /// What does not change, and asks nobody.
  private static Collection<?> still(Collection<?> others) {
    return others instanceof ServedList<?> list ? list.copy() : others;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || copy().equals(other instanceof ServedList<?> list ? list.copy() : other);
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
  public boolean containsAll(Collection<?> others) {
    return copy().containsAll(still(others));
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
  public Iterator<E> iterator() {
    return listIterator();
  }

  @Override
  public ListIterator<E> listIterator() {
    return Collections.unmodifiableList(copy()).listIterator();
  }

  @Override
  public ListIterator<E> listIterator(int index) {
    return Collections.unmodifiableList(copy()).listIterator(index);
  }

  @Override
  public Spliterator<E> spliterator() {
    return copy().spliterator();
  }

  @Override
  public synchronized int size() {
    return elements.size();
  }

  @Override
  public synchronized E get(int index) {
    return elements.get(index);
  }

  @Override
  public synchronized E getFirst() {
    return elements.getFirst();
  }

  @Override
  public synchronized E getLast() {
    return elements.getLast();
  }

  @Override
  public synchronized List<E> slice(int from, int most) {
    int start = Math.min(from, elements.size());
    int end = start + Math.min(most, elements.size() - start);
    return new ArrayList<>(elements.subList(start, end));
  }

  @Override
  public synchronized E set(int index, E element) {
    return elements.set(index, element);
  }

  @Override
  public synchronized boolean add(E element) {
    resize();
    return elements.add(element);
  }

  @Override
  public synchronized void add(int index, E element) {
    resize();
    elements.add(index, element);
  }

  @Override
  public boolean addAll(Collection<? extends E> others) {
    List<E> more =
        new ArrayList<>(others); // of another list before the monitor of this one is held
    synchronized (this) {
      return addAll(elements.size(), more);
    }
  }

  @Override
  public boolean addAll(int index, Collection<? extends E> others) {
    List<E> more = new ArrayList<>(others);
    synchronized (this) {
      if (!more.isEmpty()) {
        resize();
      }
      return elements.addAll(index, more);
    }
  }

  @Override
  public synchronized E remove(int index) {
    resize();
    return elements.remove(index);
  }

  @Override
  public synchronized E removeFirst() {
    return removeAt(0);
  }

  @Override
  public synchronized E removeLast() {
    return removeAt(elements.size() - 1);
  }

  private E removeAt(int index) {
    if (elements.isEmpty()) {
      throw new NoSuchElementException("the list is empty");
    }
    return remove(index);
  }

  @Override
  public synchronized void clear() {
    removeSlice(0, elements.size());
  }

  @Override
  protected void removeRange(int from, int to) {
    removeSlice(from, to);
  }

  @Override
  public synchronized void removeSlice(int from, int to) {
    List<E> slice = elements.subList(from, to);
    if (from < to) {
      resize();
      slice.clear();
    }
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return inOneStep(left -> left.remove(element));
  }

  @Override
  public boolean removeAll(Collection<?> others) {
    Collection<?> those = still(others);
    return inOneStep(left -> left.removeAll(those));
  }

  @Override
  public boolean retainAll(Collection<?> others) {
    Collection<?> those = still(others);
    return inOneStep(left -> left.retainAll(those));
  }

  /// The filter may ask anything, or never answer: others use the list meanwhile.
  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    Verdicts<E> verdicts = new Verdicts<>(filter);
    while (true) {
      verdicts.ask(copy());
      synchronized (this) {
        if (elements.stream().allMatch(verdicts::isOn)) {
          List<E> left = copy();
          return left.removeIf(verdicts) && put(left);
        }
      }
    }
  }

  @Override
  public void replaceAll(UnaryOperator<E> operator) {
    ofAll(all -> all.replaceAll(operator));
  }

  @Override
  public void sort(@Nullable Comparator<? super E> order) {
    ofAll(all -> all.sort(order));
  }

  /// Has a copy changed, and takes it for what is here; again if others have changed that since.
  ///
  /// @param change changes a list, and says whether it has
  private boolean inOneStep(Predicate<List<E>> change) {
    while (true) {
      Boolean isChanged = tried(change);
      if (isChanged != null) {
        return isChanged;
      }
    }
  }

  /// The same of what takes long and touches every element: others that change the list all the time would
  /// have it done again for ever, so after some tries it holds the list, as a `Vector` does from the first.
  private void ofAll(Consumer<List<E>> change) {
    Predicate<List<E>> always =
        all -> {
          change.accept(all);
          return true;
        };
    for (int i = 0; i < Holding.TRIES; i++) {
      if (tried(always) != null) {
        return;
      }
    }
    boolean _ = Holding.alone(() -> changedAlone(change));
  }

  private synchronized boolean changedAlone(Consumer<List<E>> change) {
    List<E> all = copy();
    change.accept(all);
    return put(all);
  }

  /// @return null if others have changed the list meanwhile
  private @Nullable Boolean tried(Predicate<List<E>> change) {
    List<E> before = copy();
    List<E> after = new ArrayList<>(before);
    if (!change.test(after)) {
      return false;
    }
    synchronized (this) {
      return isStill(before) ? put(after) : null;
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal ones would have to be asked
  private boolean isStill(List<E> copy) {
    boolean isSame = elements.size() == copy.size();
    for (int i = 0; isSame && i < copy.size(); i++) {
      isSame = elements.get(i) == copy.get(i);
    }
    return isSame;
  }

  private synchronized boolean put(List<E> all) {
    if (all.size() != elements.size()) {
      resize();
    }
    elements.clear();
    elements.addAll(all);
    return true;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }
}
