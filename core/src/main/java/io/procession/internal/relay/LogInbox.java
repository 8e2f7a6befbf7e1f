package io.procession.internal.relay;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.LastWords;
import io.procession.internal.arena.LogWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.ring.MessageRing;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where the records of all children arrive: in the session's first process.
///
/// One daemon thread reads and delivers them, one after the other, so those of one process keep their
/// order. It waits for a word of the header until a child has logged anything.
public final class LogInbox implements Runnable {
  /// How long a burial waits for the records of the dead while a handler itself waits for something,
  /// which might be that burial.
  static final long PATIENCE_NANOS = 2_000_000_000;

  /// And while it is at work with one record, or seems to be: a thread that is blocked in native code,
  /// as by a standard error that nobody reads, cannot be told from one that works.
  static final long WORKING_NANOS = 10_000_000_000L;

  private static final long LOOK_NANOS = 50_000_000;
  private static final long PAUSE_NANOS = 50_000_000;

  private static final LogInbox OWN = new LogInbox();

  private @Nullable Thread reader; // guarded by this
  private long delivered; // guarded by this
  private boolean hasFailed; // of the reader
  private final LogDeliveries deliveries = new LogDeliveries();

  private LogInbox() {}

  /// Begins to receive, once. Only in the session's first process.
  public static void open() {
    OWN.start();
  }

  private synchronized void start() {
    Thread known = reader;
    if (known == null || !known.isAlive()) {
      Thread thread = new Thread(null, this, "procession-log", 0, false);
      thread.setDaemon(true);
      thread.start();
      reader = thread; // only now: where no thread can be had, the next start tries again
    }
  }

  /// Waits until all has been delivered that was sent before this call: what a child has logged that is
  /// dead by now. Not for ever where a handler waits, since it may wait for the caller. Where nothing
  /// was sent, it costs one read.
  ///
  /// @throws InterruptedException if the thread is interrupted
  public static void awaitDelivered() throws InterruptedException {
    OWN.drain();
  }

  private void drain() throws InterruptedException {
    Thread thread;
    synchronized (this) {
      thread = reader;
    }
    if (thread == null) {
      return; // not the first process, or one without children
    }
    MessageRing ring = LogRing.find(Session.ofJvm());
    if (ring != null) {
      drain(thread, ring.appended());
    }
  }

  private synchronized void drain(Thread thread, long sent) throws InterruptedException {
    long last = delivered;
    Patience patience = new Patience();
    while (delivered < sent && patience.isLeft() && thread.isAlive()) {
      TimeUnit.NANOSECONDS.timedWait(this, LOOK_NANOS);
      patience.look(LOOK_NANOS, delivered != last, thread.getState());
      last = delivered;
    }
  }

  @Override
  public void run() {
    Session session = Session.ofJvm();
    MessageRing ring = MessageRing.attach(session, LogWord.of(session).await(), CellKind.LOG);
    while (true) {
      try {
        byte[] bytes = ring.take(Waiting.forever());
        if (bytes != null) {
          deliveries.deliver(bytes);
        }
      } catch (InterruptedException e) {
        // by a handler, then: nobody else knows this thread
      } catch (Error e) {
        tellOnce(e); // no memory: there may be some again
      }
      synchronized (this) {
        delivered = ring.gone();
        notifyAll();
      }
    }
  }

  private void tellOnce(Error failure) {
    LockSupport.parkNanos(this, PAUSE_NANOS); // what fails at once would fail without end
    try {
      if (!hasFailed) {
        hasFailed = true;
        LastWords.say("records of children's logs may be lost, others without a word", failure);
      }
    } catch (Error e) {
      // not even that
    }
  }

  /// How long a burial goes on waiting. A thread that runs, or would if there were a processor for it,
  /// gets on; one that waits need not.
  static final class Patience {
    private long withoutWork;
    private long withoutRecord;

    void look(long nanos, boolean hasDelivered, Thread.State state) {
      withoutRecord = hasDelivered ? 0 : withoutRecord + nanos;
      boolean isAtWork = hasDelivered || state == Thread.State.RUNNABLE;
      withoutWork = isAtWork ? 0 : withoutWork + nanos;
    }

    boolean isLeft() {
      return withoutWork < PATIENCE_NANOS && withoutRecord < WORKING_NANOS;
    }
  }
}
