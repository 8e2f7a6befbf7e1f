package io.procession.shared;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.RandomAccess;

/// An array as a list. It is sent as the array is.
@SuppressWarnings("serial") // the fields of AbstractList are those of one process
final class ElementList<T> extends AbstractList<T> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1L;

  private final SharedArray<T> array;

  ElementList(SharedArray<T> array) {
    this.array = array;
  }

  @Override
  public T get(int index) {
    return array.get(index);
  }

  @Override
  public T set(int index, T element) {
    return array.isRaw() ? replace(index, element) : array.withLock(() -> replace(index, element));
  }

  private T replace(int index, T element) {
    T before = array.get(index);
    array.set(index, element);
    return before;
  }

  @Override
  public void add(int index, T element) {
    throw fixed();
  }

  @Override
  public T remove(int index) {
    throw fixed();
  }

  @Override
  protected void removeRange(int from, int to) {
    throw fixed();
  }

  private UnsupportedOperationException fixed() {
    return new UnsupportedOperationException("an array has a fixed length: length=" + size());
  }

  @Override
  public int size() {
    return (int) array.length();
  }
}
