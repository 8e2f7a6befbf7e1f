package io.procession.manager;

import java.io.Serializable;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/// A namespace at the server.
final class ServedNamespace implements NamespaceCalls, Serializable {
  private static final long serialVersionUID = 1L;

  private final ConcurrentSkipListMap<String, Object> values = new ConcurrentSkipListMap<>();

  @Override
  public <T> T get(String name, Class<T> type) {
    return type.cast(get(name));
  }

  @Override
  public Object get(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new NoSuchElementException("no such name: name=" + name + ", names=" + names());
    }
    return value;
  }

  @Override
  public void set(String name, Object value) {
    values.put(name, value);
  }

  @Override
  public boolean remove(String name) {
    return values.remove(name) != null;
  }

  @Override
  public Set<String> names() {
    return new TreeSet<>(values.keySet());
  }

  /// Like `Namespace{size=3, title=abc}`.
  @Override
  public String toString() {
    return "Namespace" + values;
  }
}
