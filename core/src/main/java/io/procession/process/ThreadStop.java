package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.LocalProcess;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Lets the threads of a process that is a thread know that it shall stop. Nothing can end one that does
/// not heed that.
final class ThreadStop implements Interruption.Stop, Requests.Stop {
  /// For all threads to heed it.
  static final long GRACE_NANOS = 2_000_000_000;

  private final LocalProcess here;
  private final Session session;
  private final LocalThreads threads;
  private final Told told = new Told();
  private final CountDownLatch askedOrOver = new CountDownLatch(1);
  private volatile long deadline;
  private volatile boolean isAsked;
  private volatile boolean isOver;

  ThreadStop(LocalProcess here, Session session, LocalThreads threads) {
    this.here = here;
    this.session = session;
    this.threads = threads;
  }

  /// Whether the process was asked to stop.
  boolean isAsked() {
    return isAsked;
  }

  /// For how long its threads are still waited for.
  long nanosLeft() {
    return isAsked ? deadline - System.nanoTime() : Long.MAX_VALUE;
  }

  /// Waits until the process is asked to stop, or its task is over.
  void awaitAskedOrOver() throws InterruptedException {
    askedOrOver.await();
  }

  /// Its task has returned, or is not waited for any longer.
  void noteOver() {
    askedOrOver.countDown();
  }

  @Override
  public void begin() {
    deadline = System.nanoTime() + GRACE_NANOS;
    isAsked = true;
    askedOrOver.countDown();
    here.put(ThreadStop.class, this);
    spread(threads.users());
  }

  /// The process ends: whoever still runs in it, the library's threads too, leaves its waits.
  void end() {
    isOver = true;
    spread(threads.all());
  }

  private void spread(List<Thread> to) {
    Interruption.stop(here, this);
    told.interrupt(to);
    session.waiting().ringSelf();
  }

  /// The calling thread need not be told any more.
  void noteTold() {
    boolean _ = told.tell(Thread.currentThread());
  }

  /// Throws if the process was asked to stop.
  void check() {
    noteTold();
    throw new ProcessExit();
  }

  @Override
  public void tell() {
    Thread thread = Thread.currentThread();
    if ((isOver || !Stopping.isOurs(thread)) && told.tell(thread)) {
      throw new ProcessExit();
    }
  }
}
