package io.procession.manager;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What callers ask of the results of a pool at the server, of which they fetch many at a time.
interface ResultCalls {
  /// As a limit: wait as long as it takes.
  long FOREVER = Long.MAX_VALUE;

  /// The next results. Waits for the first of them only; others come along if they are there.
  ///
  /// @param most how many at most, at least one
  /// @param nanos how long to wait, 0 for not at all
  /// @return them; none at the end; null if there was none by then
  @Nullable List<@Nullable Object> fetch(int most, long nanos);

  /// Whether any are to come. Does not wait for one.
  boolean hasNext();

  /// Takes back results that were fetched: they are the next again.
  void giveBack(List<@Nullable Object> rest);

  /// Nobody wants the rest: what is under way is stopped.
  void close();
}
