package io.procession.manager;

import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// What callers ask of a map at the server.
interface MapCalls<K, V> extends ConcurrentMap<K, V> {
  /// Keys and values in turn, if there are not more entries than asked for, and they fit into a
  /// reply.
  ///
  /// @return null if not: then [#cursor] is the way
  @Nullable List<Object> few(int most);

  /// The value of a key and its mark: see [#change].
  ///
  /// @return null if there is no such entry
  @Nullable List<Object> look(Object key);

  /// Changes an entry if its value is still the one that [#look] showed. What callers have is a copy, and
  /// one without `equals` (an array, say) never equals what it is a copy of: so they name it by its mark.
  ///
  /// @param mark that of the value; [Marks#NONE] if there was none
  /// @param value the new one; null removes the entry
  /// @return whether it was
  boolean change(K key, long mark, @Nullable V value);

  /// Whether it has all of these keys.
  boolean hasKeys(List<?> keys);

  /// Removes the entries of these keys.
  ///
  /// @return whether there were any
  boolean removeKeys(List<?> keys);

  /// Removes the entries of all other keys.
  ///
  /// @return whether there were any
  boolean retainKeys(List<?> keys);

  /// Goes over the entries.
  Cursor cursor();
}
