package io.procession.process;

import io.procession.connection.AuthKey;
import io.procession.internal.check.Require;
import io.procession.internal.log.LogState;
import io.procession.internal.posix.Signals;
import io.procession.serial.ByteSink;
import io.procession.serial.SerializableRunnable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A process that this one has made, before its start, while it runs, and after its end.
final class Offspring extends Kin {
  private final String lineage;
  private final LaunchOptions options;
  private final ExitFutures exits = new ExitFutures();

  /// Held while it is started, which takes as long as its task's `writeObject`, and more: so only by what
  /// changes it, not by questions.
  private final ReentrantLock starting = new ReentrantLock();

  private @Nullable SerializableRunnable task; // guarded by starting
  private boolean closed; // guarded by starting
  private boolean leaving; // guarded by starting

  // written under starting
  private volatile String name;
  private volatile boolean daemon;
  private volatile @Nullable AuthKey authKey;
  private volatile @Nullable Child child;

  /// @param name null for one of its lineage
  Offspring(@Nullable String name, LaunchOptions options, SerializableRunnable task) {
    CurrentProcess current = CurrentProcess.get();
    this.options = Require.notNull("options", options);
    this.task = Require.notNull("task", task);
    this.lineage = current.nextLineage();
    this.name = name == null ? "Process-" + lineage : name;
    this.daemon = current.isDaemon();
  }

  CompletableFuture<DeathCertificate> exit() {
    return exits.next();
  }

  @Override
  Offspring offspring(String what) {
    return this;
  }

  @Override
  String name() {
    return name;
  }

  void setName(String wanted) {
    starting.lock();
    try {
      requireYoung("name");
      name = Require.notNull("name", wanted);
    } finally {
      starting.unlock();
    }
  }

  @Override
  boolean isDaemon() {
    return daemon;
  }

  void setDaemon(boolean wanted) {
    starting.lock();
    try {
      requireYoung("daemon");
      daemon = wanted;
    } finally {
      starting.unlock();
    }
  }

  @Override
  AuthKey authKey() {
    AuthKey own = authKey;
    return own != null ? own : CurrentProcess.get().authKey();
  }

  void setAuthKey(AuthKey wanted) {
    starting.lock();
    try {
      requireYoung("authKey");
      authKey = Require.notNull("authKey", wanted);
    } finally {
      starting.unlock();
    }
  }

  private void requireYoung(String what) {
    if (child != null) {
      throw new IllegalStateException(
          what + " must be set before the process is started: process=" + name);
    }
  }

  /// @param process this offspring, for its user
  void start(JvmProcess process) {
    starting.lock();
    try {
      startLocked(process);
    } finally {
      starting.unlock();
    }
  }

  private void startLocked(JvmProcess process) {
    if (child != null) {
      throw new IllegalStateException("a process can be started only once: process=" + name);
    }
    if (leaving) {
      throw new IllegalStateException(
          "a process cannot be started by its own task while that is written: process=" + name);
    }
    SerializableRunnable work = task;
    if (closed || work == null) {
      throw new IllegalStateException("closed in this process: process=" + name);
    }
    CurrentProcess current = CurrentProcess.get();
    current.prepareToStart(name);
    options.checkHere();
    int logLevel = LogState.toStderr();
    ByteSink record = write(work, current);
    Reaper reaper = Reaper.start(name, daemon);
    Child started = null;
    try {
      started = Start.of(options, name, daemon, work, record, exits::tell);
      child = started;
      task = null;
      current.add(started, process);
    } catch (RuntimeException | Error e) {
      if (started != null) {
        started.signal(Signals.SIGKILL); // its caller takes it for one that was not started
      }
      throw e;
    } finally {
      if (started == null) {
        reaper.dismiss();
      } else {
        reaper.watch(started);
      }
    }
    tell(started, logLevel);
  }

  private static void tell(Child started, int logLevel) {
    try {
      Logs.started(started, logLevel);
    } catch (RuntimeException | Error e) {
      // it runs, and that no thread could be had for its records is no reason to say that it does
      // not
    }
  }

  private ByteSink write(SerializableRunnable work, CurrentProcess current) {
    leaving = true;
    try {
      return LaunchRecord.write(
          name,
          lineage,
          daemon,
          current.name(),
          StaticInitialisers.withRunning(current.initialisers()),
          authKey().toBytes(),
          work);
    } finally {
      leaving = false;
    }
  }

  /// True while its launch record is being written; asked by the thread that does.
  boolean isLeaving() {
    return starting.isHeldByCurrentThread() && leaving;
  }

  @Override
  long pid() {
    return started().pid();
  }

  @Override
  boolean isAlive() {
    Child known = child;
    return known != null && known.certificate() == null;
  }

  @Override
  Child child() {
    return started();
  }

  private Child started() {
    Child known = child;
    if (known == null) {
      throw new IllegalStateException("the process was not started: process=" + name());
    }
    return known;
  }

  @Override
  boolean awaitEnd(long nanos) throws InterruptedException {
    return started().awaitEnd(nanos);
  }

  @Override
  @Nullable DeathCertificate certificate() {
    Child known = child;
    return known == null ? null : known.certificate();
  }

  @Override
  String state() {
    if (child == null) {
      return "initial";
    }
    DeathCertificate known = certificate();
    if (known == null) {
      return "started";
    }
    if (known.isSuccess()) {
      return "stopped";
    }
    String signal = known.signal();
    return "stopped[" + (signal != null ? signal : known.exitCode()) + "]";
  }

  /// Waits for its end; an interrupt ends it, and is kept. One that was not started never will be.
  void close() {
    Child known;
    starting.lock();
    try {
      closed = true;
      task = null;
      known = child;
    } finally {
      starting.unlock();
    }
    boolean interrupted = false;
    while (known != null) {
      try {
        boolean _ = known.awaitEnd(Long.MAX_VALUE);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        known.signal(Signals.SIGKILL);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
