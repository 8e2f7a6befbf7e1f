package io.procession.manager;

import io.procession.pool.TaskOptions;
import io.procession.pool.TaskResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What callers ask of a pool at the server. What they want done comes packed. A function of several
/// arguments has as many lists of inputs, all of one length.
interface PoolCalls {
  /// Instead of a size: chunks are adapted to what is measured.
  int ADAPTED = 0;

  @Nullable Object apply(Packed task) throws InterruptedException;

  TaskResult<?> applyAsync(TaskOptions options, Packed task);

  List<?> map(Packed function, List<List<@Nullable Object>> inputs, int chunkSize)
      throws InterruptedException;

  TaskResult<?> mapAsync(Packed function, List<List<@Nullable Object>> inputs, int chunkSize);

  ResultCalls imap(Packed function, List<@Nullable Object> inputs, int chunkSize);

  ResultCalls imapUnordered(Packed function, List<@Nullable Object> inputs, int chunkSize);

  int processes();

  void shutdown();

  void close();

  void terminate();

  void join() throws InterruptedException;

  boolean join(Duration limit) throws InterruptedException;
}
