package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Signals;
import io.procession.internal.posix.Until;
import io.procession.serial.ByteSink;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process that is a thread of this JVM, for those who know processes of the system: what they write to
/// its input are requests, a signal is the wish that it stops, and the rest is the same.
///
/// It is a participant of the session like any other, so what it holds when it ends is given to others
/// as after the death of a JVM. Its task comes as bytes, too.
final class ThreadProcess extends Process {
  private static final int SIGNALLED = 128;

  private final Session session;
  private final LocalProcess here;
  private final ThreadStop stop;
  private final Requests requests;
  private final Thread thread;
  private final OutputStream input = new Input();
  private final LocalThreads threads;
  private final ThreadRun run;

  /// Zero when the task has returned, or is not waited for any longer.
  private final CountDownLatch over = new CountDownLatch(1);

  // guarded by over
  private boolean hasReturned;
  private boolean isGivenUp;
  private @Nullable Runnable burial;

  private boolean isComplainedOf; // guarded by this
  private volatile boolean isKilled;
  private volatile boolean hasEnded;
  private volatile int status;

  private ThreadProcess(LocalProcess here, Session session, boolean daemon, byte[] record) {
    this.here = here;
    this.session = session;
    this.threads = new LocalThreads(here.name());
    this.run = new ThreadRun(this, record);
    this.stop = new ThreadStop(here, session, threads);
    this.thread = new Thread(threads, this::runAll, here.name(), 0, false);
    thread.setDaemon(daemon);
    this.requests =
        new Requests(thread) {
          @Override
          Stop newStop() {
            return stop;
          }
        };
  }

  /// Starts one.
  ///
  /// @param session the JVM's
  /// @param record the launch record
  static Launched start(Session session, String name, boolean daemon, ByteSink record) {
    int participant = session.participants().enroll(name);
    boolean isStarted = false;
    try {
      LaunchRecord.address(record, participant);
      LocalProcess here = new LocalProcess(name);
      Session own = Session.within(here, participant);
      ThreadProcess process = new ThreadProcess(here, own, daemon, record.toByteArray());
      Spawn.handOver(record, participant);
      session.participants().started(participant, ProcessIdentity.self());
      process.thread.start();
      isStarted = true;
      return Launched.ofThread(process, participant);
    } finally {
      if (!isStarted) {
        session.burials().bury(participant);
      }
    }
  }

  LocalProcess here() {
    return here;
  }

  Session session() {
    return session;
  }

  ThreadStop stop() {
    return stop;
  }

  Requests requests() {
    return requests;
  }

  LocalThreads threads() {
    return threads;
  }

  private void end() throws InterruptedException {
    boolean runs;
    synchronized (over) {
      runs = isGivenUp && !hasReturned;
    }
    try {
      if (runs) {
        stop.end();
      } else {
        thread.join();
        here.run(new ThreadEnd(this));
      }
    } finally {
      noteEnd(here.exitCode(run.code()));
    }
  }

  /// @param code the exit code, if nobody has asked it to end
  private void noteEnd(int code) {
    boolean isStopped = stop.isAsked();
    session
        .participants()
        .notePhase(
            session.self(),
            isStopped ? ParticipantLayout.PHASE_STOPPED : ParticipantLayout.PHASE_EXITING);
    session.end();
    if (isKilled) {
      status = SIGNALLED + Signals.SIGKILL;
    } else {
      status = isStopped ? Stopping.EXIT : code;
    }
    hasEnded = true;
  }

  private void runAll() {
    try {
      here.run(run);
    } finally {
      Runnable late;
      synchronized (over) {
        hasReturned = true;
        late = burial;
      }
      noteOver();
      if (late != null) {
        late.run();
      }
    }
  }

  private void noteOver() {
    over.countDown();
    stop.noteOver();
  }

  /// Who waits here says that its task heeds no stop, since nothing else would: it is no one that can be
  /// killed.
  private void awaitTask() throws InterruptedException {
    stop.awaitAskedOrOver();
    boolean _ = over.await(stop.nanosLeft(), TimeUnit.NANOSECONDS);
    boolean runs;
    synchronized (over) {
      runs = !hasReturned;
    }
    if (runs && !isComplainedOf) {
      isComplainedOf = true;
      HeedsNoStop.tell(here.name(), thread);
    }
    over.await();
  }

  /// Does what is to be done at its end, once its thread does not run any more: what it holds, and its row,
  /// are not given to others before.
  void bury(Runnable rites) {
    synchronized (over) {
      if (isGivenUp && !hasReturned) {
        burial = rites;
        return;
      }
    }
    rites.run();
  }

  /// Asks it to stop, which is all that can be done.
  ///
  /// @param signal after SIGKILL it counts as ended after a while, whether its thread heeds that or not
  /// @return whether it had not ended
  boolean signal(int signal) {
    if (!isAlive()) {
      return false;
    }
    if (signal == Signals.SIGKILL && !isKilled) {
      isKilled = true;
      Thread.ofPlatform()
          .daemon()
          .name("procession-kill-" + here.name())
          .start(() -> LocalProcess.outside(this::giveUpAtLast));
    }
    requests.heed(Requests.STOP);
    return true;
  }

  private void giveUpAtLast() {
    try {
      if (!over.await(ThreadStop.GRACE_NANOS, TimeUnit.NANOSECONDS)) {
        synchronized (over) {
          isGivenUp = !hasReturned;
        }
        noteOver();
      }
    } catch (InterruptedException e) {
      // nobody knows this thread
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return input;
  }

  @Override
  public InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  /// Waits for the thread of its task, and does then what is to be done at its end. That is the part of
  /// the thread that reaps it, which its task's own threads do not know.
  @Override
  public synchronized int waitFor() throws InterruptedException {
    awaitTask();
    if (!hasEnded) {
      end();
    }
    return status;
  }

  @Override
  public boolean waitFor(Duration limit) throws InterruptedException {
    return over.await(Until.nanos(limit), TimeUnit.NANOSECONDS);
  }

  @Override
  public int exitValue() {
    if (isAlive()) {
      throw new IllegalThreadStateException("the process has not ended: process=" + here.name());
    }
    return status;
  }

  @Override
  public boolean isAlive() {
    return !hasEnded;
  }

  @Override
  public void destroy() {
    boolean _ = signal(Signals.SIGTERM);
  }

  /// That of its JVM.
  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  /// Heeds what is written at once, on the thread that writes: each request comes in one piece.
  private final class Input extends OutputStream {
    @Override
    public void write(int request) {
      if (request == Requests.STOP || request == Requests.INTERRUPT) {
        requests.heed(request);
      } // a level of the log is that of the whole JVM
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (bytes[offset] == Requests.ORDER) {
        Orders.pass(here, Arrays.copyOfRange(bytes, offset + 2, offset + length));
      } else {
        write(bytes[offset]);
      }
    }

    /// The parent ends.
    @Override
    public void close() {
      boolean _ = signal(Signals.SIGTERM);
    }
  }
}
