package io.procession.manager;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The result of a call of a pipeline. Who asks for it while the pipeline is recorded has it sent.
final class PipelineFuture<R extends @Nullable Object> implements Future<R> {
  private final CompletableFuture<R> result = new CompletableFuture<>();
  private final Sender sender;

  /// Sends what is recorded.
  interface Sender {
    void send() throws InterruptedException;
  }

  PipelineFuture(Sender sender) {
    this.sender = sender;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the method returned it
  void settle(@Nullable Object value, @Nullable Throwable thrown) {
    boolean _ = thrown == null ? result.complete((R) value) : result.completeExceptionally(thrown);
  }

  @Override
  public R get() throws InterruptedException, ExecutionException {
    if (!result.isDone()) {
      sender.send();
    }
    return result.get();
  }

  /// The limit is for the result once it was sent; until then it is as long as all calls take.
  @Override
  public R get(long time, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!result.isDone()) {
      sender.send();
    }
    return result.get(time, unit);
  }

  /// A call that is recorded cannot be taken back.
  @Override
  public boolean cancel(boolean mayInterrupt) {
    return false;
  }

  @Override
  public boolean isCancelled() {
    return result.isCancelled();
  }

  @Override
  public boolean isDone() {
    return result.isDone();
  }

  @Override
  public String toString() {
    return "PipelineFuture[" + (isDone() ? state() : "recorded") + "]";
  }
}
