package io.procession.pool;

import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Uninterrupted;
import io.procession.internal.posix.Until;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How a pool ends.
///
/// ```
/// open --shutdown, close--> closed --all is done--> the workers leave --> ended
///   |                         |
///   +------ terminate --------+--> the workers are ended --------------> ended
/// ```
///
/// Who closes does what is to be done in its own thread; after `shutdown` a virtual thread does. Both may.
final class Ending {
  /// Listeners that take longer hear of the rest later.
  private static final long TELLING_AT_CLOSE = 10_000_000_000L;

  private static final long TELLING_AT_TERMINATION = 1_000_000_000;

  private final String pool;
  private final Dispatcher dispatcher;
  private final Crew crew;
  private final CallbackLane callbacks;
  private final @Nullable Actors actors;
  private final AtomicReference<@Nullable Runnable> whenEnded = new AtomicReference<>();
  private final AtomicBoolean isSeenTo = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  /// @param actors those of the pool; null for what has none
  Ending(
      String pool,
      Dispatcher dispatcher,
      Crew crew,
      CallbackLane callbacks,
      @Nullable Actors actors) {
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.crew = crew;
    this.callbacks = callbacks;
    this.actors = actors;
    crew.whenBroken(this::noteBreak);
  }

  /// What is broken ends by itself. Where actors live on, somebody has to wait for the end or close, since that
  /// ends them.
  private void noteBreak() {
    if (actors != null && actors.isAny()) {
      return;
    }
    try {
      Thread.ofVirtual().name("procession-" + pool + "-broken").start(this::seeToIt);
    } catch (OutOfMemoryError e) {
      // who waits for the end sees to it, and who closes
    }
  }

  /// Has something be done when the pool has ended, before others hear of it.
  void whenEnded(Runnable action) {
    whenEnded.set(action);
  }

  private void noteEnd() {
    Runnable action = whenEnded.getAndSet(null); // once: a pool may be closed again
    if (action != null) {
      action.run();
    }
    ended.countDown();
  }

  void shutdown() {
    dispatcher.close();
    shutActors();
    seeToIt();
  }

  void close() {
    dispatcher.close();
    shutActors();
    try {
      finish();
    } catch (InterruptedException e) {
      terminate();
      Thread.currentThread().interrupt();
    }
  }

  private void shutActors() {
    if (actors != null) {
      actors.shut();
    }
  }

  void terminate() {
    shutActors();
    dispatcher.end(terminated(), null);
    endWorkers();
  }

  /// As [#terminate], but does not wait.
  ///
  /// @return the tasks that no worker has begun, oldest first
  List<Job> shutdownNow() {
    shutActors();
    List<Job> neverBegun = dispatcher.withdraw(terminated());
    dispatcher.end(terminated(), null);
    isSeenTo.set(true);
    inBackground(this::endWorkers);
    return neverBegun;
  }

  private String terminated() {
    return pool + " was terminated, and the task is not done";
  }

  private void endWorkers() {
    crew.terminate();
    if (actors != null) {
      actors.terminate();
    }
    Uninterrupted.await(dispatcher::awaitAnswered);
    Uninterrupted.await(callbacks.deliveries()::await);
    if (actors != null) {
      Uninterrupted.await(() -> dispatcher.awaitTold(TELLING_AT_TERMINATION));
    }
    noteEnd();
  }

  boolean isShutdown() {
    return !dispatcher.isOpen();
  }

  boolean isTerminated() {
    return ended.getCount() == 0;
  }

  /// @throws IllegalStateException if the pool still takes tasks
  void requireShutdown() {
    if (dispatcher.isOpen()) {
      throw new IllegalStateException(
          "join needs shutdown or terminate first: pool=" + pool + "; close does both");
    }
  }

  /// Waits for the end, but brings it about by nothing.
  ///
  /// @return false if the deadline, as of [Until], has passed before
  boolean await(long deadline) throws InterruptedException {
    if (isShutdown()) {
      seeToIt(); // it may be so since it broke
    }
    return Interruption.await(ended, Until.nanosLeft(deadline));
  }

  private void seeToIt() {
    if (isSeenTo.compareAndSet(false, true)) {
      inBackground(() -> {
        try {
          finish();
        } catch (InterruptedException e) {
          throw new AssertionError(e); // nobody knows this thread
        }
      });
    }
  }

  private void inBackground(Runnable work) {
    try {
      Thread.ofVirtual().name("procession-" + pool + "-end").start(work);
    } catch (OutOfMemoryError e) {
      work.run(); // to wait is better than never to end
    }
  }

  private void finish() throws InterruptedException {
    dispatcher.awaitIdle();
    crew.dismiss();
    callbacks.deliveries().await();
    callbacks.awaitIdle();
    if (actors != null) {
      actors.close();
    }
    if (actors != null) { // listeners are the pool's, which waits for them once
      dispatcher.awaitTold(TELLING_AT_CLOSE);
    }
    noteEnd();
  }

  /// What users have submitted as runnables or callables, of tasks of any kind.
  static List<Runnable> origins(List<Job> jobs) {
    List<Runnable> origins = new ArrayList<>();
    for (Job job : jobs) {
      if (job instanceof SubmitJob call && call.origin() != null) {
        origins.add(call.origin());
      }
    }
    return origins;
  }
}
