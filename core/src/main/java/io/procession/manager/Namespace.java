package io.procession.manager;

import java.util.Set;

/// Values by name, shared by the processes that have the namespace. A value is replaced by setting it
/// anew: to change what [#get] returned changes a copy. Safe for all threads.
public interface Namespace {

  /// A copy of a value.
  ///
  /// @param name its name
  /// @param type what it is to be
  /// @param <T> that type
  /// @return the value
  /// @throws java.util.NoSuchElementException if there is none of that name
  /// @throws ClassCastException if it is of another type
  <T> T get(String name, Class<T> type);

  /// Sets a value.
  ///
  /// @param name its name
  /// @param value the value, not null
  void set(String name, Object value);

  /// Removes a value.
  ///
  /// @param name its name
  /// @return whether there was one
  boolean remove(String name);

  /// The names that have a value now.
  ///
  /// @return them, in their order
  Set<String> names();
}
