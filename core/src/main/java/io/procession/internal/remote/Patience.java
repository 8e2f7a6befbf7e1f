package io.procession.internal.remote;

import io.procession.connection.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Bounds how long a stranger may take for what concerns the server and not a call: it is closed when
/// it takes longer, whether it sends nothing, half a message, or does not read.
final class Patience {
  private final Connection connection;
  private final @Nullable Duration limit;

  /// @param limit how long; null for as long as it likes
  Patience(Connection connection, @Nullable Duration limit) {
    this.connection = connection;
    this.limit = limit;
  }

  /// Something that needs the other side.
  interface Step<T extends @Nullable Object> {
    T take() throws IOException, InterruptedException;
  }

  /// Does something, or ends the connection.
  <T extends @Nullable Object> T within(Step<T> step) throws IOException, InterruptedException {
    if (limit == null) {
      return step.take();
    }
    var done = new CompletableFuture<@Nullable Void>();
    var _ =
        done.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((_, late) -> {
              if (late != null) {
                connection.close();
              }
            });
    try {
      return step.take();
    } finally {
      boolean _ = done.complete(null);
    }
  }
}
