package io.procession.manager;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes over elements at the server, of which callers fetch many at a time.
interface Cursor {
  /// The next elements. Waits for the first of them only.
  ///
  /// @param most how many at most, at least one
  /// @return them; none at the end
  List<@Nullable Object> fetch(int most);

  /// Takes back elements that were fetched: they are the next again.
  void giveBack(List<@Nullable Object> rest);
}
