package io.procession.manager;

import io.procession.internal.remote.CastHere;

/// What callers ask of a namespace at the server.
interface NamespaceCalls extends Namespace {
  /// A copy of a value, whatever it is: the class that it is to be of may be unknown to the server.
  ///
  /// @throws java.util.NoSuchElementException if there is none of that name
  Object get(String name);

  @Override
  @CastHere
  <T> T get(String name, Class<T> type);
}
