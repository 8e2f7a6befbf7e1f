package io.procession.manager;

import java.io.Serializable;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A set at the server.
final class ServedSet<E> extends AbstractSet<E> implements SetCalls<E>, Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // the set it is made with is serializable
  private final Set<E> elements = ConcurrentHashMap.newKeySet();

  ServedSet(Collection<? extends E> elements) {
    this.elements.addAll(elements);
  }

  @Override
  public boolean add(E element) {
    return elements.add(element);
  }

  @Override
  public boolean remove(Object element) {
    return elements.remove(element);
  }

  @Override
  public boolean contains(Object element) {
    return elements.contains(element);
  }

  @Override
  public void clear() {
    elements.clear();
  }

  @Override
  public Iterator<E> iterator() {
    return elements.iterator();
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public @Nullable List<Object> few(int most) {
    if (elements.size() > most) {
      return null;
    }
    List<Object> few = new ArrayList<>(elements);
    return new Portion().takesAll(few) ? few : null;
  }

  @Override
  public Cursor cursor() {
    return new ServedCursor(elements.iterator());
  }
}
