package io.procession.logging.logback;

import io.procession.pool.TaskContext;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Lets the MDC of SLF4J, whichever framework is behind it, go with the tasks of a pool:
///
/// ```java
/// var options = PoolOptions.defaults().withContext(new MdcContext());
/// ```
///
/// What the submitter has in its MDC is in the worker's while the task runs, and in the records
/// that it logs.
public final class MdcContext implements TaskContext<@Nullable Map<String, String>> {
  private static final long serialVersionUID = 1L;

  /// Has no state.
  public MdcContext() {}

  @Override
  public @Nullable Map<String, String> capture() {
    return MDC.getCopyOfContextMap();
  }

  @Override
  public <R extends @Nullable Object> R call(
      @Nullable Map<String, String> captured, Callable<R> task) throws Exception {
    Map<String, String> before = MDC.getCopyOfContextMap();
    set(captured);
    try {
      return task.call();
    } finally {
      set(before);
    }
  }

  private static void set(@Nullable Map<String, String> all) {
    if (all == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(all);
    }
  }
}
