package io.procession.manager;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What callers ask of a pool at the server. What they want done comes packed.
interface PoolCalls {
  @Nullable Object apply(Packed task) throws InterruptedException;

  ManagedResult<?> applyAsync(Packed task);

  /// Applies a function to each input.
  ///
  /// @param chunkSize 0 for one that is adapted
  List<?> map(Packed function, List<?> inputs, int chunkSize) throws InterruptedException;

  List<?> starmap(Packed function, List<?> first, List<?> second) throws InterruptedException;

  ManagedResult<?> mapAsync(Packed function, List<?> inputs);

  Iterator<?> imap(Packed function, List<?> inputs);

  Iterator<?> imapUnordered(Packed function, List<?> inputs);

  int processes();

  void shutdown();

  void close();

  void terminate();

  void join() throws InterruptedException;

  boolean join(Duration limit) throws InterruptedException;
}
