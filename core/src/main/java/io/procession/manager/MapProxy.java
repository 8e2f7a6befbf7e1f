package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.serial.NotSendableException;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A map of a manager. Its methods are calls of the server, each one step for all processes. Functions
/// that can be sent run at the server; others run here, in a loop, until nobody else has changed the entry
/// in between. Its views are views; iterators are weakly consistent, and fetch many entries at a time.
@SuppressWarnings({"unchecked", "NullAway"}) // the entries are what their users say they are
final class MapProxy<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V>, Departing {
  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;

  MapProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    return remote.departing();
  }

  /// A managed map has no nulls.
  private static <T> T given(@Nullable T given, String what) {
    return Objects.requireNonNull(
        given, () -> what + " must not be null: a managed map has no nulls");
  }

  @Override
  public V get(@Nullable Object key) {
    return (V) remote.call("get", given(key, "key"));
  }

  @Override
  public V getOrDefault(@Nullable Object key, V otherwise) {
    V value = get(key);
    return value == null ? otherwise : value;
  }

  @Override
  public V put(K key, V value) {
    return (V) remote.call("put", given(key, "key"), given(value, "value"));
  }

  @Override
  public V remove(@Nullable Object key) {
    return (V) remote.call("remove", given(key, "key"));
  }

  @Override
  public int size() {
    return (int) remote.call("size");
  }

  @Override
  public boolean isEmpty() {
    return (boolean) remote.call("isEmpty");
  }

  @Override
  public void clear() {
    remote.call("clear");
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return (boolean) remote.call("containsKey", given(key, "key"));
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return (boolean) remote.call("containsValue", given(value, "value"));
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    remote.call("putAll", new HashMap<>(entries));
  }

  @Override
  public V putIfAbsent(K key, V value) {
    return (V) remote.call("putIfAbsent", given(key, "key"), given(value, "value"));
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    return (boolean) remote.call("remove", given(key, "key"), value);
  }

  @Override
  public V replace(K key, V value) {
    return (V) remote.call("replace", given(key, "key"), given(value, "value"));
  }

  @Override
  public boolean replace(K key, V expected, V value) {
    return (boolean)
        remote.call(
            "replace", given(key, "key"), given(expected, "expected"), given(value, "value"));
  }

  @Override
  public V computeIfAbsent(K key, Function<? super K, ? extends V> make) {
    return remote.runs(make)
        ? (V) remote.call("computeIfAbsent", given(key, "key"), make)
        : ConcurrentMap.super.computeIfAbsent(key, make);
  }

  @Override
  public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> change) {
    return remote.runs(change)
        ? (V) remote.call("computeIfPresent", given(key, "key"), change)
        : change(key, change, old -> old == null ? null : change.apply(key, old));
  }

  @Override
  public V compute(K key, BiFunction<? super K, ? super V, ? extends V> change) {
    return remote.runs(change)
        ? (V) remote.call("compute", given(key, "key"), change)
        : change(key, change, old -> change.apply(key, old));
  }

  @Override
  public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> change) {
    given(value, "value");
    return remote.runs(change)
        ? (V) remote.call("merge", given(key, "key"), value, change)
        : change(key, change, old -> old == null ? value : change.apply(old, value));
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> change) {
    if (remote.runs(change)) {
      remote.call("replaceAll", change);
    } else {
      Require.notNull("change", change);
      for (K key : keySet()) {
        computeIfPresent(key, (k, old) -> given(change.apply(k, old), "value"));
      }
    }
  }

  /// Changes an entry from here: until nobody else has changed it in between.
  private V change(K key, BiFunction<?, ?, ?> given, UnaryOperator<V> change) {
    Require.notNull("change", given);
    while (true) {
      List<Object> seen = (List<Object>) remote.call("look", given(key, "key"));
      V old = seen == null ? null : (V) seen.getFirst();
      V value = change.apply(old);
      boolean isNothing = old == null && value == null;
      Object mark = seen == null ? Marks.NONE : seen.getLast();
      if (isNothing || (boolean) remote.call("change", key, mark, value)) {
        return value;
      }
    }
  }

  @Override
  public Set<K> keySet() {
    return new Keys();
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new Entries();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    if (!(other instanceof Map<?, ?> map)) {
      return false;
    }
    try {
      return remote.isEqualTo(map instanceof Departing ? map : new HashMap<>(map));
    } catch (NotSendableException e) {
      return super.equals(map);
    }
  }

  @Override
  public int hashCode() {
    return remote.hash();
  }

  @Override
  public String toString() {
    return remote.describe();
  }

  /// An entry, whose value is set in the map.
  private final class Entry extends SimpleEntry<K, V> {
    private static final long serialVersionUID = 1L;

    Entry(K key, V value) {
      super(key, value);
    }

    @Override
    public V setValue(V value) {
      MapProxy.this.put(getKey(), Require.notNull("value", value));
      return super.setValue(value);
    }
  }

  private final class EntryIterator implements Iterator<Map.Entry<K, V>> {
    private final Iterator<Object> pairs = CursorIterator.over(remote); // keys and values in turn
    private @Nullable Entry last;

    @Override
    public boolean hasNext() {
      return pairs.hasNext();
    }

    @Override
    public Map.Entry<K, V> next() {
      K key = (K) pairs.next();
      last = new Entry(key, (V) pairs.next());
      return last;
    }

    @Override
    public void remove() {
      if (last == null) {
        throw new IllegalStateException("next has not been called since the last remove");
      }
      MapProxy.this.remove(last.getKey());
      last = null;
    }
  }

  private final class Entries extends AbstractSet<Map.Entry<K, V>> {
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      return new EntryIterator();
    }

    @Override
    public int size() {
      return MapProxy.this.size();
    }

    @Override
    public void clear() {
      MapProxy.this.clear();
    }

    @Override
    public boolean contains(@Nullable Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && entry.getKey() != null
          && entry.getValue() != null
          && entry.getValue().equals(get(entry.getKey()));
    }

    @Override
    public boolean remove(@Nullable Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && entry.getKey() != null
          && entry.getValue() != null
          && MapProxy.this.remove(entry.getKey(), entry.getValue());
    }
  }

  private final class Keys extends AbstractSet<K> {
    @Override
    public Iterator<K> iterator() {
      Iterator<Map.Entry<K, V>> entries = new EntryIterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public K next() {
          return entries.next().getKey();
        }

        @Override
        public void remove() {
          entries.remove();
        }
      };
    }

    @Override
    public int size() {
      return MapProxy.this.size();
    }

    @Override
    public void clear() {
      MapProxy.this.clear();
    }

    @Override
    public boolean contains(@Nullable Object key) {
      return containsKey(key);
    }

    @Override
    public boolean remove(@Nullable Object key) {
      return MapProxy.this.remove(key) != null;
    }

    @Override
    public boolean containsAll(Collection<?> keys) {
      return (boolean) remote.call("hasKeys", new ArrayList<>(keys));
    }

    @Override
    public boolean removeAll(Collection<?> keys) {
      return (boolean) remote.call("removeKeys", new ArrayList<>(keys));
    }

    @Override
    public boolean retainAll(Collection<?> keys) {
      return (boolean) remote.call("retainKeys", new ArrayList<>(keys));
    }
  }
}
