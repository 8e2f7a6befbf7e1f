package io.procession.manager;

import static java.util.Objects.requireNonNull;

import io.procession.internal.check.Require;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A map at the server.
final class ServedMap<K, V> extends ConcurrentHashMap<K, V> implements MapCalls<K, V> {
  private static final long serialVersionUID = 1L;

  private final Marks marks = new Marks();

  ServedMap(Map<? extends K, ? extends V> entries) {
    super(entries);
  }

  @Override
  public @Nullable List<Object> few(int most) {
    if (mappingCount() > most) {
      return null;
    }
    List<Object> entries = new ArrayList<>();
    for (Map.Entry<K, V> entry : entrySet()) {
      entries.add(entry.getKey());
      entries.add(entry.getValue());
    }
    return new Portion().takesAll(entries) ? entries : null;
  }

  @Override
  public @Nullable List<Object> look(Object key) {
    V value = get(key);
    return value == null ? null : List.of(value, marks.of(value));
  }

  @Override
  public boolean change(K key, long mark, @Nullable V value) {
    if (mark == Marks.NONE) {
      return value == null ? !containsKey(key) : putIfAbsent(key, value) == null;
    }
    boolean[] isChanged = {false};
    super.computeIfPresent(
        key,
        (_, there) -> {
          isChanged[0] = marks.has(there, mark);
          return isChanged[0] ? value : there;
        });
    return isChanged[0];
  }

  /// Functions of callers may change the value that they are given: who has a copy has an old one then.
  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> change) {
    return super.compute(key, (k, there) -> renewing(there, () -> change.apply(k, there)));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> change) {
    return super.computeIfPresent(key, (k, there) -> renewing(there, () -> change.apply(k, there)));
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> change) {
    return super.merge(
        key, value, (there, given) -> renewing(there, () -> change.apply(there, given)));
  }

  /// Each entry in one step: the superclass would run a function again whose entry others have changed.
  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> change) {
    Require.notNull("change", change);
    for (K key : keySet()) {
      computeIfPresent(key, (k, there) -> requireNonNull(change.apply(k, there), "new value"));
    }
  }

  private <R extends @Nullable Object> R renewing(@Nullable V there, Supplier<R> change) {
    try {
      return change.get();
    } finally {
      if (there != null) {
        marks.forget(there);
      }
    }
  }

  @Override
  public boolean hasKeys(List<?> keys) {
    return keySet().containsAll(keys);
  }

  @Override
  public boolean removeKeys(List<?> keys) {
    boolean isAny = false;
    for (Object key : keys) {
      isAny |= remove(key) != null;
    }
    return isAny;
  }

  @Override
  public boolean retainKeys(List<?> keys) {
    return keySet().retainAll(new HashSet<>(keys));
  }

  @Override
  public Cursor cursor() {
    return new ServedCursor(new Flat(entrySet().iterator()));
  }

  /// The key and the value of each entry, one after the other.
  private static final class Flat implements Iterator<Object> {
    private final Iterator<? extends Map.Entry<?, ?>> entries;
    private @Nullable Object value; // of the entry whose key was given last

    Flat(Iterator<? extends Map.Entry<?, ?>> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      return value != null || entries.hasNext();
    }

    @Override
    public Object next() {
      Object waiting = value;
      value = null;
      if (waiting != null) {
        return waiting;
      }
      Map.Entry<?, ?> entry = entries.next();
      value = entry.getValue();
      return entry.getKey();
    }
  }
}
