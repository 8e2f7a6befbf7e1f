package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Signals;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Watcher;
import io.procession.internal.watch.Watchers;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A child that was started, as its parent sees it. Its [Reaper] runs [#reap] for as long as it
/// lives.
final class Child implements Source.OfJvm {
  private static final int SIGKILLED = 128 + Signals.SIGKILL;

  private final String name;
  private final boolean daemon;
  private final Launched launched;
  private final @Nullable OutputReader output;
  private final @Nullable Duration startLimit;
  private final CompletableFuture<DeathCertificate> exit;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Watchers watchers = new Watchers();
  private volatile @Nullable DeathCertificate certificate;
  private volatile int lastSignal;
  private boolean isOverdue;

  Child(
      String name,
      boolean daemon,
      Launched launched,
      @Nullable OutputReader output,
      @Nullable Duration startLimit,
      CompletableFuture<DeathCertificate> exit) {
    this.name = name;
    this.daemon = daemon;
    this.launched = launched;
    this.output = output;
    this.startLimit = startLimit;
    this.exit = exit;
  }

  long pid() {
    return process().pid();
  }

  Process process() {
    return launched.process();
  }

  boolean isDaemon() {
    return daemon;
  }

  /// How it ended, null as long as it lives.
  @Nullable DeathCertificate certificate() {
    return certificate;
  }

  /// Waits for its end.
  ///
  /// @return false if it still lives after `nanos`
  boolean awaitEnd(long nanos) throws InterruptedException {
    try {
      return ended.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  void awaitEnd() throws InterruptedException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  @Override
  public boolean isReady() {
    return ended.getCount() == 0;
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
    if (isReady()) {
      watcher.ring(this);
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  /// Sends SIGTERM or SIGKILL, unless it has ended.
  void signal(int signal) {
    lastSignal = signal;
    ProcessHandle handle =
        process().toHandle(); // Process.destroy would close its standard input too
    if (signal == Signals.SIGKILL) {
      handle.destroyForcibly();
    } else {
      handle.destroy();
    }
  }

  /// Asks it for something, unless it has ended.
  ///
  /// @param request one of [Requests]
  void request(int request) {
    try {
      OutputStream out = process().getOutputStream();
      out.write(request);
      out.flush();
    } catch (IOException e) {
      // it has ended
    }
  }

  /// True if it has come so far as to run its task. Before, it has nothing to bring in order; and a JVM
  /// that hears of a signal while it starts complains.
  boolean hasBegun() {
    return Session.current().participants().phase(launched.participant()) != 0;
  }

  /// Closes its standard input, which tells it that its parent ends.
  void abandon() {
    try {
      process().getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
  }

  /// Waits for its end and does what is to be done then.
  void reap() {
    int status = await();
    try {
      bury(status);
    } finally {
      CurrentProcess.get().remove(this);
      ended.countDown();
      watchers.ring(this);
      DeathCertificate known = certificate;
      if (known != null) {
        exit.complete(known);
      }
    }
  }

  private int await() {
    Duration limit = startLimit;
    while (true) {
      try {
        if (limit != null && !process().waitFor(limit)) {
          killUnlessBegun();
        }
        limit = null;
        int status = process().waitFor();
        if (output != null) {
          output.awaitDelivered();
        }
        return status;
      } catch (InterruptedException e) {
        // nobody has a reason to interrupt this thread: the child's end is what it waits for
      }
    }
  }

  private void killUnlessBegun() {
    int phase = Session.current().participants().phase(launched.participant());
    if (phase == 0 || phase == ParticipantLayout.PHASE_ARRIVED) {
      isOverdue = true;
      signal(Signals.SIGKILL);
    }
  }

  private void bury(int status) {
    Session session = Session.current();
    int participant = launched.participant();
    int phase = session.participants().phase(participant);
    AotCache cache = launched.cache();
    if (cache != null && status != 0 && phase == 0 && lastSignal == 0) {
      cache.distrust();
    }
    certificate = certificate(status, phase, session);
    session.burials().bury(participant, Autopsy.ending(status, phase, lastSignal));
    session.directory().free(launched.record());
    launched.release();
    abandon();
  }

  private DeathCertificate certificate(int status, int phase, Session session) {
    int participant = launched.participant();
    Evidence evidence = launched.evidence();
    CrashReport crash = status == 0 ? CrashReport.NONE : evidence.crashReport(pid());
    boolean isKilled = status == SIGKILLED && lastSignal != Signals.SIGKILL && crash.isEmpty();
    Traces traces =
        new Traces(
            status,
            phase,
            session.participants().failure(participant),
            lastSignal,
            isOverdue ? startLimit : null,
            crash,
            evidence.exitsWithoutHeap(),
            isKilled ? evidence.memoryKill() : MemoryKills.Verdict.NONE,
            ErrorTee.lastLines(session.participants().lastWords(participant)));
    return Autopsy.examine(pid(), name, traces);
  }
}
