package io.procession.manager;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What callers ask of a set at the server.
interface SetCalls<E> extends Set<E> {
  /// The elements, if there are not more than asked for, and they fit into a reply.
  ///
  /// @return null if not: then [#cursor] is the way
  @Nullable List<Object> few(int most);

  /// Goes over the elements.
  Cursor cursor();
}
