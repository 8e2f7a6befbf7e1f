package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Signals;
import io.procession.internal.relay.LogInbox;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Watcher;
import io.procession.internal.watch.Watchers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A child that was started, as its parent sees it. Its [Reaper] runs [#reap] for as long as it
/// lives.
final class Child implements Source.OfJvm, Orders.Addressee {
  private static final int SIGKILLED = 128 + Signals.SIGKILL;

  private final String name;
  private final boolean daemon;
  private final boolean endsLast;
  private final CurrentProcess parent = CurrentProcess.get();
  private volatile Launched launched; // written by its reaper
  private volatile @Nullable OutputReader output; // likewise
  private final @Nullable Duration startLimit;
  private final Consumer<DeathCertificate> exit;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Watchers watchers = new Watchers();
  private volatile @Nullable DeathCertificate certificate;
  private final SentSignals signals = new SentSignals();
  private boolean isOverdue;

  /// What it was told before it arrived, for the one that takes its place; null if none does.
  private @Nullable ByteArrayOutputStream said; // guarded by pipe

  private boolean isAbandoned; // guarded by pipe
  private final Object pipe = new Object();

  Child(
      String name,
      boolean daemon,
      boolean endsLast,
      Launched launched,
      @Nullable OutputReader output,
      @Nullable Duration startLimit,
      Consumer<DeathCertificate> exit) {
    this.name = name;
    this.daemon = daemon;
    this.endsLast = endsLast;
    this.launched = launched;
    this.output = output;
    this.startLimit = startLimit;
    this.exit = exit;
    this.said = launched.again() == null ? null : new ByteArrayOutputStream();
  }

  String name() {
    return name;
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

  /// Whether it ends after other daemons.
  boolean endsLast() {
    return endsLast;
  }

  /// How it ended, null as long as it lives.
  @Nullable DeathCertificate certificate() {
    return certificate;
  }

  /// Waits for its end.
  ///
  /// @return false if it still lives after `nanos`
  boolean awaitEnd(long nanos) throws InterruptedException {
    return Interruption.await(ended, nanos);
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
    // asked for when it is sent: another may have taken the place of the first
    signals.send(signal, () -> launched.signalling(signal).getAsBoolean());
  }

  @Override
  public void kill() {
    signal(Signals.SIGKILL);
  }

  /// Whether it is a thread of this JVM.
  boolean isThread() {
    return process() instanceof ThreadProcess;
  }

  /// Asks it for something, unless it has ended.
  ///
  /// @param request one of [Requests]
  void request(int request) {
    write(new byte[] {(byte) request});
  }

  @Override
  public void order(byte[] order) {
    byte[] bytes = new byte[2 + order.length];
    bytes[0] = (byte) Requests.ORDER;
    bytes[1] = (byte) order.length;
    System.arraycopy(order, 0, bytes, 2, order.length);
    write(bytes);
  }

  private void write(byte[] bytes) {
    synchronized (pipe) {
      if (said != null) {
        if (launched.phase() == 0) {
          said.writeBytes(bytes);
        } else {
          said = null;
        }
      }
      try {
        OutputStream out = process().getOutputStream();
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        // it has ended
      }
    }
  }

  /// True if its JVM is up. Before, it has nothing to bring in order; and a JVM that hears of a signal
  /// while it starts complains.
  boolean hasArrived() {
    return launched.phase() != 0;
  }

  /// True if its exit hooks run.
  boolean isEnding() {
    int phase = launched.phase();
    return !Autopsy.isEarly(phase) && phase != ParticipantLayout.PHASE_RUNNING;
  }

  /// Closes the pipe to it, which tells it that its parent ends.
  void abandon() {
    synchronized (pipe) {
      isAbandoned = true;
      launched.closePipe();
    }
  }

  /// Waits for its end and does what is to be done then. Whatever fails of that, its end is told.
  void reap() {
    int status = awaitExit();
    int sent = 0;
    DeathCertificate known = null;
    try {
      if (diedOfArchive(status) && startsAgain(status)) {
        status = awaitExit();
      }
      signals.end();
      sent = signals.explaining(status);
      awaitWhatItSaid();
    } finally {
      try {
        known = bury(status, sent); // whatever failed: nobody else does
      } finally {
        tell(known != null ? known : Autopsy.examine(pid(), name, Traces.of(status, sent)));
      }
    }
  }

  private boolean diedOfArchive(int status) {
    Launched first = launched;
    return first.again() != null
        && first.phase() == 0
        && Session.ofJvm().participants().failure(first.participant()) == 0
        && AotCache.isSuspectedBy(status);
  }

  /// Puts another in its place, without the archive.
  ///
  /// @return false if there can be none: then this one's end is the child's
  private boolean startsAgain(int status) {
    Session session = Session.ofJvm();
    Launched first = launched;
    awaitOutput(); // which comes before the second's
    if (!signals.unlessSent(() -> takesItsPlace(session, first))) {
      return false;
    }
    try {
      AotCache cache = first.cache();
      if (cache != null) {
        cache.judge(status);
      }
      first.letGo(session, Autopsy.ending(status, 0, 0));
      Logs.startedAgain(this, first.process().pid(), status);
    } catch (RuntimeException | Error e) {
      // such as a handler of logs that fails: it runs, and its end is waited for
    }
    return true;
  }

  private boolean takesItsPlace(Session session, Launched first) {
    SecondStart again = first.again();
    synchronized (pipe) {
      if (again == null || isAbandoned) {
        return false;
      }
      OutputReader second = null;
      Launched launching = null;
      boolean isStarted = false;
      try {
        OutputReader known = output;
        second = known == null ? null : known.successor();
        launching = Spawn.again(session, again, first);
        if (second != null) {
          second.readFrom(launching.process());
        }
        isStarted = true;
      } catch (RuntimeException | Error e) {
        return false; // it is as if there were no second
      } finally {
        if (!isStarted) {
          if (second != null) {
            second.dismiss();
          }
          if (launching != null) {
            Spawn.undo(session, launching);
          }
        }
      }
      launched = launching;
      output = second;
      byte[] words = said == null ? new byte[0] : said.toByteArray();
      said = null;
      if (words.length > 0) {
        write(words);
      }
      return true;
    }
  }

  private void tell(DeathCertificate known) {
    certificate = known;
    parent.remove(this);
    ended.countDown();
    watchers.ring(this);
    exit.accept(known);
  }

  private int awaitExit() {
    Duration limit = startLimit;
    while (true) {
      try {
        if (limit != null && !process().waitFor(limit)) {
          killUnlessBegun();
        }
        limit = null;
        return process().waitFor();
      } catch (InterruptedException e) {
        // nobody has a reason to interrupt this thread: the child's end is what it waits for
      }
    }
  }

  private void awaitWhatItSaid() {
    awaitOutput();
    try {
      LogInbox.awaitDelivered(); // so who joins finds that all it logged has been logged here
    } catch (InterruptedException e) {
      // as above; what is not delivered now will be later
    }
  }

  private void awaitOutput() {
    OutputReader known = output;
    if (known != null) {
      try {
        known.awaitDelivered();
      } catch (InterruptedException e) {
        // as above
      }
    }
  }

  private void killUnlessBegun() {
    int phase = launched.phase();
    if (Autopsy.isEarly(phase)) {
      isOverdue = true;
      signal(Signals.SIGKILL);
    }
  }

  private DeathCertificate bury(int status, int sent) {
    Session session = Session.ofJvm();
    int phase = launched.phase();
    DeathCertificate known;
    try {
      AotCache cache = launched.cache();
      if (cache != null && phase == 0 && sent == 0) {
        cache.judge(status);
      }
      known = certificate(status, sent, phase, session);
      certificate = known;
    } finally {
      launched.letGo(session, Autopsy.ending(status, phase, sent));
    }
    Logs.ended(known);
    return known;
  }

  private DeathCertificate certificate(int status, int sent, int phase, Session session) {
    int participant = launched.participant();
    Evidence evidence = launched.evidence();
    CrashReport crash =
        status == 0 || evidence == null ? CrashReport.NONE : evidence.crashReport(pid());
    boolean isKilled = status == SIGKILLED && sent != Signals.SIGKILL && crash.isEmpty();
    Traces traces =
        new Traces(
            status,
            phase,
            session.participants().failure(participant),
            sent,
            isOverdue ? startLimit : null,
            crash,
            evidence != null && evidence.exitsWithoutHeap(),
            isKilled && evidence != null ? evidence.memoryKill() : MemoryKills.Verdict.NONE,
            ErrorTee.lastLines(session.participants().lastWords(participant)));
    return Autopsy.examine(pid(), name, traces);
  }
}
