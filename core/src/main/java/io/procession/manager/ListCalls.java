package io.procession.manager;

import java.util.ArrayList;
import java.util.List;

/// What callers ask of a list at the server.
interface ListCalls<E> extends List<E> {
  /// Copies of the elements from an index on, up to a number.
  List<E> slice(int from, int most);

  /// The same, but not more than fit into a reply: one at least, unless there is none.
  default List<E> part(int from, int most) {
    Portion portion = new Portion();
    List<E> all = slice(from, most);
    int count = 0;
    while (count < all.size() && portion.takes(all.get(count))) {
      count++;
    }
    return count == all.size() ? all : new ArrayList<>(all.subList(0, count));
  }

  /// Removes the elements from an index on, up to another.
  void removeSlice(int from, int to);
}
