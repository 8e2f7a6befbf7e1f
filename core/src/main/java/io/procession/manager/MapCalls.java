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
