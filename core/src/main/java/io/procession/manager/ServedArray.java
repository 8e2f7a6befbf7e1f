package io.procession.manager;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A list of fixed length at the server. Its monitor guards the elements, and each method is one step for
/// all threads.
///
/// As with [ServedList], what asks other objects does so with a copy and without the monitor.
final class ServedArray<E> extends AbstractList<E> implements ListCalls<E> {
  private final List<E> elements;

  @SuppressWarnings("unchecked") // of what is only put in as an E
  ServedArray(Collection<? extends E> elements) {
    this.elements = Arrays.asList((E[]) elements.toArray());
  }

  private synchronized List<E> copy() {
    return new ArrayList<>(elements);
  }

  @Override
  public synchronized E get(int index) {
    return elements.get(index);
  }

  @Override
  public synchronized E set(int index, E element) {
    return elements.set(index, element);
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public synchronized void replaceAll(UnaryOperator<E> operator) {
    elements.replaceAll(operator);
  }

  @Override
  public synchronized void sort(@Nullable Comparator<? super E> order) {
    elements.sort(order);
  }

  @Override
  public synchronized List<E> slice(int from, int most) {
    int start = Math.min(from, size());
    return new ArrayList<>(elements.subList(start, start + Math.min(most, size() - start)));
  }

  @Override
  public void removeSlice(int from, int to) {
    if (from < to) {
      throw fixed();
    }
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return keepsAll(!copy().contains(element));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return keepsAll(copy().stream().noneMatch(filter));
  }

  @Override
  public boolean removeAll(Collection<?> others) {
    return keepsAll(!copy().removeAll(others));
  }

  @Override
  public boolean retainAll(Collection<?> others) {
    return keepsAll(!copy().retainAll(others));
  }

  private boolean keepsAll(boolean isSo) {
    if (!isSo) {
      throw fixed();
    }
    return false;
  }

  private UnsupportedOperationException fixed() {
    return new UnsupportedOperationException("an array has a fixed length: length=" + size());
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
  public boolean contains(@Nullable Object element) {
    return copy().contains(element);
  }

  @Override
  public boolean containsAll(Collection<?> others) {
    return copy().containsAll(others);
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
  public boolean equals(@Nullable Object other) {
    return other == this
        || copy().equals(other instanceof ServedArray<?> that ? that.copy() : other);
  }

  @Override
  public int hashCode() {
    return copy().hashCode();
  }

  @Override
  public String toString() {
    return copy().toString();
  }
}
