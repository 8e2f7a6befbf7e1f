package io.procession.internal.arena;

import io.procession.internal.posix.Uninterrupted;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// Works with channels on a thread of its own: an interrupt in the midst would close them, and a lock on one
/// be lost.
final class Undisturbed {
  private Undisturbed() {}

  /// Does something, and waits for it. An interrupt meanwhile is kept.
  static <T> T call(String thread, Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name(thread).start(task);
    Uninterrupted.await(() -> awaitEnd(task));
    if (task.state() == Future.State.SUCCESS) {
      return task.resultNow();
    }
    Throwable cause = task.exceptionNow();
    throw cause instanceof IOException io ? io : new IOException(cause);
  }

  private static void awaitEnd(Future<?> task) throws InterruptedException {
    try {
      Object _ = task.get();
    } catch (ExecutionException e) {
      // read from the task
    }
  }
}
