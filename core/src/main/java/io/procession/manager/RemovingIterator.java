package io.procession.manager;

import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Goes over elements that were fetched, and removes from the collection that they are of.
final class RemovingIterator<E> implements Iterator<E> {
  private final Collection<E> collection;
  private final Iterator<?> elements;
  private @Nullable E last;

  RemovingIterator(Collection<E> collection, Iterator<?> elements) {
    this.collection = collection;
    this.elements = elements;
  }

  @Override
  public boolean hasNext() {
    return elements.hasNext();
  }

  @Override
  @SuppressWarnings("unchecked") // the elements are what their users say they are
  public E next() {
    E element = (E) elements.next();
    last = element;
    return element;
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException("next has not been called since the last remove");
    }
    collection.remove(last);
    last = null;
  }
}
