package io.procession.logging.log4j;

import io.procession.pool.TaskContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.CloseableThreadContext;
import org.apache.logging.log4j.ThreadContext;
import org.jspecify.annotations.Nullable;

/// Lets the map of Log4j's [ThreadContext] go with the tasks of a pool:
///
/// ```java
/// var options = PoolOptions.defaults().withContext(new ThreadContextCarrier());
/// ```
///
/// What the submitter has in it is in the worker's while the task runs, and in the records that it
/// logs.
public final class ThreadContextCarrier implements TaskContext<Map<String, String>> {
  private static final long serialVersionUID = 1L;

  /// Has no state.
  public ThreadContextCarrier() {}

  @Override
  public Map<String, String> capture() {
    return new HashMap<>(ThreadContext.getImmutableContext());
  }

  @Override
  public <R extends @Nullable Object> R call(Map<String, String> captured, Callable<R> task)
      throws Exception {
    try (var _ = CloseableThreadContext.putAll(captured)) {
      return task.call();
    }
  }
}
