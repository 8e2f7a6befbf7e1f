package io.procession.manager;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A list of fixed length at the server. Its monitor guards the elements.
final class ServedArray<E> extends AbstractList<E> implements ListCalls<E> {
  private final List<E> elements;

  @SuppressWarnings("unchecked") // of what is only put in as an E
  ServedArray(Collection<? extends E> elements) {
    this.elements = Arrays.asList((E[]) elements.toArray());
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
  public synchronized List<E> slice(int from, int most) {
    int start = Math.min(from, size());
    return new ArrayList<>(elements.subList(start, start + Math.min(most, size() - start)));
  }

  @Override
  public void removeSlice(int from, int to) {
    if (from < to) {
      throw new UnsupportedOperationException("an array has a fixed length: length=" + size());
    }
  }
}
