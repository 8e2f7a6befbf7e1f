package io.procession.manager;

import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;

/// Goes over a managed list by index, and fetches many elements at a time: it may show what was there a
/// moment ago, and, when others add and remove meanwhile, an element twice or not at all.
final class SliceIterator<E> implements ListIterator<E> {
  private final ListProxy<E> list;
  private List<E> slice = List.of();
  private int start; // the index of the slice's first element
  private int next;
  private int last = -1; // what the last step returned

  SliceIterator(ListProxy<E> list, int next) {
    this.list = list;
    this.next = next;
    this.start = next;
  }

  private boolean has(int index) {
    if (index < 0) {
      return false;
    }
    if (index >= start && index < start + slice.size()) {
      return true;
    }
    start = index < start ? Math.max(0, index - ListProxy.BATCH + 1) : index;
    slice = list.part(start, ListProxy.BATCH);
    while (!slice.isEmpty()
        && index >= start + slice.size()) { // long elements come a few at a time
      start += slice.size();
      slice = list.part(start, ListProxy.BATCH);
    }
    return index < start + slice.size();
  }

  @Override
  public boolean hasNext() {
    return has(next);
  }

  @Override
  public E next() {
    if (!has(next)) {
      throw new NoSuchElementException("at the end of the list: index=" + next);
    }
    last = next++;
    return slice.get(last - start);
  }

  @Override
  public boolean hasPrevious() {
    return next > 0;
  }

  @Override
  public E previous() {
    if (!has(next - 1)) {
      throw new NoSuchElementException("at the start of the list");
    }
    last = --next;
    return slice.get(last - start);
  }

  @Override
  public int nextIndex() {
    return next;
  }

  @Override
  public int previousIndex() {
    return next - 1;
  }

  @Override
  public void remove() {
    requireLast();
    list.remove(last);
    next = last;
    forget();
  }

  @Override
  public void set(E element) {
    requireLast();
    list.set(last, element);
    if (last >= start && last < start + slice.size()) { // what lies ahead may be fetched since
      slice.set(last - start, element);
    }
  }

  @Override
  public void add(E element) {
    list.add(next++, element);
    forget();
  }

  private void forget() {
    slice = List.of();
    last = -1;
  }

  private void requireLast() {
    if (last < 0) {
      throw new IllegalStateException("next or previous has not been called since the last change");
    }
  }
}
