package io.procession.internal.posix;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// What ends a wait from outside: an interrupt of its thread, and the wish that this process stops.
///
/// A wait that is to heed both asks [#check] or throws [#thrown] wherever others throw an
/// `InterruptedException`. Who stops a process says what that means for a thread; nothing is known of
/// it here, and as long as nobody does, asking costs one read.
public final class Interruption {
  private static volatile @Nullable Stop stop;
  private static volatile boolean isAnyLocal; // a process of this JVM was asked to stop

  private Interruption() {}

  /// The wish that this process stops.
  public interface Stop {
    /// Throws an error on a thread that has to hear of it, and clears its interrupt status, which was
    /// a part of the wish.
    void tell();
  }

  /// Has all waits of this process end.
  ///
  /// @param wish what to ask, null to take it back
  public static void stop(@Nullable Stop wish) {
    stop = wish;
  }

  /// Has all waits of a process of this JVM end.
  public static void stop(LocalProcess process, Stop wish) {
    process.put(Stop.class, wish);
    isAnyLocal = true;
  }

  /// Ends the calling thread's wait if it has to end, whether or not it was interrupted.
  ///
  /// @throws InterruptedException if the thread was interrupted
  public static void check() throws InterruptedException {
    checkStop();
    checkInterrupt();
  }

  /// Ends the calling thread's wait if the thread was interrupted: for who does not wait otherwise.
  ///
  /// @throws InterruptedException if it was; an error instead if this process shall stop
  public static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw thrown();
    }
  }

  /// Waits for a lock of this JVM.
  ///
  /// @param deadline as those of [Until]
  /// @return false if it passed
  /// @throws InterruptedException if the thread is interrupted; an error instead if this process shall
  ///     stop
  public static boolean lock(Lock lock, long deadline) throws InterruptedException {
    try {
      if (deadline == Until.FOREVER) {
        lock.lockInterruptibly();
        return true;
      }
      return lock.tryLock(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw thrown(e);
    }
  }

  /// Takes from a queue of this JVM.
  ///
  /// @param deadline as those of [Until]
  /// @return null if it passed
  /// @throws InterruptedException as [#lock] does
  public static <T> @Nullable T take(BlockingQueue<T> queue, long deadline)
      throws InterruptedException {
    try {
      return deadline == Until.FOREVER
          ? queue.take()
          : queue.poll(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw thrown(e);
    }
  }

  /// Waits for a latch of this JVM.
  ///
  /// @param nanos how long at most
  /// @return whether it is open
  /// @throws InterruptedException as [#lock] does
  public static boolean await(CountDownLatch latch, long nanos) throws InterruptedException {
    try {
      return latch.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw thrown(e);
    }
  }

  /// Ends the calling thread's wait if this process shall stop.
  public static void checkStop() {
    Stop wish = stop;
    if (wish != null || isAnyLocal) {
      tell(wish);
    }
  }

  private static void tell(@Nullable Stop ofJvm) {
    LocalProcess here = LocalProcess.current();
    Stop own = here == null ? null : here.find(Stop.class);
    Stop wish = own == null ? ofJvm : own;
    if (wish != null) {
      wish.tell();
    }
  }

  /// What to throw on a thread that was interrupted, whose status has been cleared.
  public static InterruptedException thrown() {
    checkStop();
    return new InterruptedException();
  }

  /// What to throw where no `InterruptedException` is declared; the calling thread stays interrupted.
  public static CancellationException cancelled(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    var cancelled = new CancellationException(what);
    cancelled.initCause(cause);
    return cancelled;
  }

  /// What to throw instead of what the JDK has thrown.
  public static InterruptedException thrown(InterruptedException fromTheJdk) {
    checkStop();
    return fromTheJdk;
  }
}
