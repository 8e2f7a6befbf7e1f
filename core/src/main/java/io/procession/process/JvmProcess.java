package io.procession.process;

import io.procession.connection.Waitable;
import io.procession.internal.posix.Signals;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.ByteSink;
import io.procession.serial.NotSendableException;
import io.procession.serial.Task;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task that runs in a JVM of its own, with the ease of a thread.
///
/// ```java
/// var process = JvmProcess.of(() -> System.out.println("hello from " + ProcessHandle.current().pid()));
/// process.start();
/// process.join();
/// ```
///
/// The task is sent to the child when it is started: what it captures must be serializable, and the
/// child has its own copies. Objects of this library (queues, locks, pipes) are shared instead.
///
/// A process ends when its task has returned and its other non-daemon threads have ended, with
/// exit code 0; when the task throws, the stack is printed with the process's name and the exit code
/// is 1. It ends with its parent in any case: in order when the parent ends in order, within a
/// second when the parent is killed. A parent's normal end joins its children, except daemons, which
/// it terminates.
///
/// A process can be waited for together with other things ([Waitable#awaitAny]): it is ready when it
/// has ended.
///
/// Methods are safe for use by many threads. A `JvmProcess` belongs to the process that made it and
/// cannot be sent to another.
public final class JvmProcess implements Waitable, AutoCloseable {
  static {
    Sources.register(JvmProcess.class, new SourceOfProcess());
  }

  private final String name;
  private final String lineage;
  private final LaunchOptions options;
  private final CompletableFuture<DeathCertificate> exit = new CompletableFuture<>();
  private final boolean isSelf;

  // guarded by this
  private @Nullable Task task;
  private boolean daemon;
  private boolean closed;

  private volatile @Nullable Child child;

  private JvmProcess(String name, String lineage, LaunchOptions options, Task task) {
    this.name = Objects.requireNonNull(name, "name");
    this.lineage = lineage;
    this.options = Objects.requireNonNull(options, "options");
    this.task = Objects.requireNonNull(task, "task");
    this.daemon = CurrentProcess.get().isDaemon();
    this.isSelf = false;
  }

  /// This very process.
  private JvmProcess(CurrentProcess self) {
    this.name = self.name();
    this.lineage = "";
    this.options = LaunchOptions.defaults();
    this.daemon = self.isDaemon();
    this.isSelf = true;
  }

  /// Creates a process, named `Process-N` with the children of this process counted from 1, and
  /// `Process-N:M` for children of children. It is not started yet.
  ///
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(Task task) {
    return of(LaunchOptions.defaults(), task);
  }

  /// Creates a process that is named as [#of(Task)] says. It is not started yet.
  ///
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(LaunchOptions options, Task task) {
    String lineage = CurrentProcess.get().nextLineage();
    return new JvmProcess("Process-" + lineage, lineage, options, task);
  }

  /// Creates a process. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(String name, Task task) {
    return of(name, LaunchOptions.defaults(), task);
  }

  /// Creates a process. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(String name, LaunchOptions options, Task task) {
    return new JvmProcess(name, CurrentProcess.get().nextLineage(), options, task);
  }

  /// The process that runs this code. The first process of all is named `main`.
  ///
  /// @return this process
  public static JvmProcess currentProcess() {
    return Current.SELF;
  }

  /// The children of this process that were started and have not ended.
  ///
  /// @return them, in the order of their starts
  public static List<JvmProcess> activeChildren() {
    return CurrentProcess.get().activeChildren();
  }

  /// Says whether the process shall be a daemon: one that its parent terminates at its own normal
  /// end instead of joining it. Without this call it is what its parent is.
  ///
  /// @param wanted whether it shall be
  /// @throws IllegalStateException if the process has been started
  public synchronized void setDaemon(boolean wanted) {
    if (isSelf || child != null) {
      throw new IllegalStateException(
          "daemon must be set before the process is started: process=" + name);
    }
    daemon = wanted;
  }

  /// True if its parent terminates it at its own normal end.
  ///
  /// @return whether it is a daemon
  public synchronized boolean isDaemon() {
    return daemon;
  }

  /// Starts the process. Returns as soon as the JVM is on its way.
  ///
  /// @throws IllegalStateException if it was started or closed before, or this process is itself
  ///     still starting
  /// @throws NotSendableException if the task, or something it refers to, cannot be sent; nothing
  ///     has happened then
  /// @throws UncheckedIOException if the system refuses to start a process
  /// @throws OutOfMemoryError if there can be no thread to watch it; nothing has happened then
  public synchronized void start() {
    if (isSelf || child != null) {
      throw new IllegalStateException("a process can be started only once: process=" + name);
    }
    Task work = task;
    if (closed || work == null) {
      throw new IllegalStateException("the process is closed: process=" + name);
    }
    CurrentProcess.get().prepareToStart(name);
    ByteSink record = LaunchRecord.write(name, lineage, daemon, work);
    Reaper reaper = Reaper.start(name, daemon);
    Child started = null;
    try {
      started = Spawn.start(name, daemon, options, record, exit);
      child = started;
      task = null;
      CurrentProcess.get().add(started, this);
    } finally {
      if (started == null) {
        reaper.dismiss();
      } else {
        reaper.watch(started);
      }
    }
  }

  /// Waits until the process has ended.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  public void join() throws InterruptedException {
    joinable().awaitEnd();
  }

  /// Waits until the process has ended, but not longer than a limit.
  ///
  /// @param limit how long; not more than zero means only to look
  /// @return whether it has ended
  /// @throws IllegalStateException if it was not started, or is this very process
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  public boolean join(Duration limit) throws InterruptedException {
    Child joined = joinable();
    return joined.awaitEnd(nanos(limit));
  }

  /// A future of the end, for those who do not want to wait. It never fails; to complete or cancel
  /// it has no effect on the process. What is attached to it without an executor should not block.
  ///
  /// @return a future of how the process ended
  public CompletableFuture<DeathCertificate> exit() {
    return exit.copy();
  }

  /// True from the start of the process until it has ended.
  ///
  /// @return whether it lives
  public boolean isAlive() {
    Child known = child;
    return isSelf || (known != null && known.certificate() == null);
  }

  /// Its process id, also after its end.
  ///
  /// @return the pid
  /// @throws IllegalStateException if it was not started
  public long pid() {
    return isSelf ? ProcessHandle.current().pid() : started().pid();
  }

  /// How it ended: 0 or the code it exited with, -N if signal N ended it.
  ///
  /// @return the code, empty as long as it has not ended
  public OptionalInt exitCode() {
    DeathCertificate known = known();
    return known == null ? OptionalInt.empty() : OptionalInt.of(known.exitCode());
  }

  /// How it ended, with all that is known about it.
  ///
  /// @return the certificate, empty as long as it has not ended
  public Optional<DeathCertificate> certificate() {
    return Optional.ofNullable(known());
  }

  /// Interrupts the thread that runs the process's task, as [Thread#interrupt] does; before the task has
  /// begun, it begins interrupted. Does not wait, and does nothing if the process has ended.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public void interrupt() {
    joinable().request(Requests.INTERRUPT);
  }

  /// Asks the process to end by itself. Does not wait, and does nothing if it has ended.
  ///
  /// In the process, a [ProcessExit] is thrown from every wait of this library, on each thread once; the
  /// thread of the task and others that keep the JVM alive are interrupted, for the waits of the JDK;
  /// one that only computes notices at [#checkExit], or not at all. So `finally` blocks run. When these
  /// threads have ended, but two seconds after it was asked in any case, the process exits: shutdown
  /// hooks and [exit hooks][ExitHook] run, and the exit code is -15, as after SIGTERM.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public void stop() {
    joinable().request(Requests.STOP);
  }

  /// Ends the work of a thread that computes, if this process was asked to stop ([#stop]); otherwise
  /// does nothing, and costs next to nothing. Always the latter in a session's first process.
  ///
  /// @throws ProcessExit if it was
  public static void checkExit() {
    Stopping.check();
  }

  /// Asks the process to end with SIGTERM: its shutdown hooks run. Does not wait, and does nothing
  /// if it has ended.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public void terminate() {
    joinable().signal(Signals.SIGTERM);
  }

  /// Ends the process with SIGKILL. Does not wait, and does nothing if it has ended.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public void kill() {
    joinable().signal(Signals.SIGKILL);
  }

  /// Its name.
  ///
  /// @return the name
  public String name() {
    return name;
  }

  /// Waits until the process has ended, as [#join] does, so that a try statement holds it; one
  /// that was not started never will be. A thread that is interrupted meanwhile kills the process,
  /// and stays interrupted. Certificate and exit code can still be read.
  @Override
  public void close() {
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

  /// Name and state: `JvmProcess[Process-1, stopped[SIGTERM]]`.
  @Override
  public String toString() {
    return "JvmProcess[" + name + ", " + state() + (isDaemon() ? " daemon]" : "]");
  }

  private String state() {
    if (child == null && !isSelf) {
      return "initial";
    }
    DeathCertificate known = known();
    if (known == null) {
      return "started";
    }
    if (known.isSuccess()) {
      return "stopped";
    }
    String signal = known.signal();
    return "stopped[" + (signal != null ? signal : known.exitCode()) + "]";
  }

  private @Nullable DeathCertificate known() {
    Child known = child;
    return known == null ? null : known.certificate();
  }

  private Child started() {
    Child known = child;
    if (known == null) {
      throw new IllegalStateException("the process was not started: process=" + name);
    }
    return known;
  }

  private Child joinable() {
    if (isSelf) {
      throw new IllegalStateException("a process cannot join or end itself: process=" + name);
    }
    return started();
  }

  private static long nanos(Duration limit) {
    try {
      return limit.toNanos();
    } catch (ArithmeticException e) {
      return limit.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  private static final class SourceOfProcess implements Sources.Of<JvmProcess> {
    @Override
    public Source source(JvmProcess process) {
      return process.joinable();
    }
  }

  private static final class Current {
    static final JvmProcess SELF = new JvmProcess(CurrentProcess.get());
  }
}
