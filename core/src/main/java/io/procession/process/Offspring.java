package io.procession.process;

import io.procession.connection.AuthKey;
import io.procession.internal.posix.Signals;
import io.procession.serial.ByteSink;
import io.procession.serial.Task;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A process that this one has made, before its start, while it runs, and after its end.
final class Offspring extends Kin {
  private final String lineage;
  private final LaunchOptions options;
  private final CompletableFuture<DeathCertificate> exit = new CompletableFuture<>();

  // guarded by this
  private String name;
  private @Nullable Task task;
  private boolean daemon;
  private @Nullable AuthKey authKey;
  private boolean closed;
  private boolean leaving;

  private volatile @Nullable Child child;

  /// @param name null for one of its lineage
  Offspring(@Nullable String name, LaunchOptions options, Task task) {
    CurrentProcess current = CurrentProcess.get();
    this.options = Objects.requireNonNull(options, "options");
    this.task = Objects.requireNonNull(task, "task");
    this.lineage = current.nextLineage();
    this.name = name == null ? "Process-" + lineage : name;
    this.daemon = current.isDaemon();
  }

  CompletableFuture<DeathCertificate> exit() {
    return exit.copy();
  }

  @Override
  Offspring offspring(String what) {
    return this;
  }

  @Override
  synchronized String name() {
    return name;
  }

  synchronized void setName(String wanted) {
    requireYoung("name");
    name = Objects.requireNonNull(wanted, "name");
  }

  @Override
  synchronized boolean isDaemon() {
    return daemon;
  }

  synchronized void setDaemon(boolean wanted) {
    requireYoung("daemon");
    daemon = wanted;
  }

  @Override
  synchronized AuthKey authKey() {
    AuthKey own = authKey;
    return own != null ? own : CurrentProcess.get().authKey();
  }

  synchronized void setAuthKey(AuthKey wanted) {
    requireYoung("authKey");
    authKey = Objects.requireNonNull(wanted, "authKey");
  }

  private void requireYoung(String what) {
    if (child != null) {
      throw new IllegalStateException(
          what + " must be set before the process is started: process=" + name);
    }
  }

  /// @param process this offspring, for its user
  synchronized void start(JvmProcess process) {
    if (child != null) {
      throw new IllegalStateException("a process can be started only once: process=" + name);
    }
    Task work = task;
    if (closed || work == null) {
      throw new IllegalStateException("the process is closed: process=" + name);
    }
    CurrentProcess current = CurrentProcess.get();
    current.prepareToStart(name);
    options.checkHere();
    ByteSink record = write(work, current);
    Reaper reaper = Reaper.start(name, daemon);
    Child started = null;
    try {
      started = Start.of(options, name, daemon, work, record, exit);
      child = started;
      task = null;
      current.add(started, process);
    } finally {
      if (started == null) {
        reaper.dismiss();
      } else {
        reaper.watch(started);
      }
    }
  }

  private ByteSink write(Task work, CurrentProcess current) {
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
    return Thread.holdsLock(this) && leaving;
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
    synchronized (this) {
      closed = true;
      task = null;
      known = child;
    }
    boolean interrupted = false;
    while (known != null) {
      try {
        known.awaitEnd();
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
