package io.procession.process;

import io.procession.connection.AuthKey;
import io.procession.connection.Waitable;
import io.procession.internal.check.Require;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Signals;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableRunnable;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
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
/// child has its own copies. Objects of this library (queues, locks, pipes) are shared.
///
/// A process ends when its task has returned and its other non-daemon threads have ended, with
/// exit code 0; when the task throws, the stack is printed with the process's name and the exit code
/// is 1. It ends with its parent in any case: in order when the parent ends in order, within a
/// second when the parent is killed. A parent's normal end joins its children, except daemons, which
/// it terminates.
///
/// It can be waited for together with other things ([Waitable#awaitAny]): it is ready when it has ended.
///
/// Instead of a task, a subclass can say what the process does. Its fields travel, as what a task
/// captures does, and in the process it is [#currentProcess]:
///
/// ```java
/// final class Doubling extends JvmProcess {
///   private final SharedQueue<Integer> numbers;
///
///   Doubling(SharedQueue<Integer> numbers) {
///     super("doubling");
///     this.numbers = numbers;
///   }
///
///   @Override
///   protected void run() throws Exception {
///     numbers.put(2 * numbers.take());
///   }
/// }
/// ```
///
/// Methods are safe for use by many threads. A `JvmProcess` belongs to the process that made it, which
/// alone can start, join or end it; it cannot be sent to another.
public class JvmProcess implements Waitable, AutoCloseable, Serializable {
  private static final long serialVersionUID = 1L;

  static {
    Sources.register(JvmProcess.class, new Watched());
  }

  private transient Kin kin;

  private JvmProcess(@Nullable String name, LaunchOptions options, SerializableRunnable task) {
    this.kin = new Offspring(name, options, task);
  }

  /// @param kin this very process, or its parent
  private JvmProcess(Kin kin) {
    this.kin = kin;
  }

  /// This very process. Here, so that a young child need not know of kin.
  static JvmProcess ofSelf(CurrentProcess current) {
    return new JvmProcess(new Self(current));
  }

  /// The parent of this process.
  static JvmProcess ofParent(String name, ProcessIdentity identity) {
    return new JvmProcess(new Parent(name, identity));
  }

  /// Creates a process of a subclass, named as [#of(SerializableRunnable)] says. It is not started yet.
  protected JvmProcess() {
    this(LaunchOptions.defaults());
  }

  /// Creates a process of a subclass, named as [#of(SerializableRunnable)] says. It is not started yet.
  ///
  /// @param options how its JVM is to be
  @SuppressWarnings("this-escape") // not used before its start
  protected JvmProcess(LaunchOptions options) {
    this.kin = new Offspring(null, options, new OwnRun(this));
  }

  /// Creates a process of a subclass. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  protected JvmProcess(String name) {
    this(name, LaunchOptions.defaults());
  }

  /// Creates a process of a subclass. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be
  @SuppressWarnings("this-escape") // not used before its start
  protected JvmProcess(String name, LaunchOptions options) {
    this.kin = new Offspring(Require.notNull("name", name), options, new OwnRun(this));
  }

  /// Creates a process, named `Process-N` with the children of this process counted from 1, and
  /// `Process-N:M` for children of children. It is not started yet.
  ///
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(SerializableRunnable task) {
    return of(LaunchOptions.defaults(), task);
  }

  /// Creates a process that is named as [#of(SerializableRunnable)] says. It is not started yet.
  ///
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(LaunchOptions options, SerializableRunnable task) {
    return new JvmProcess(null, options, task);
  }

  /// Creates a process. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(String name, SerializableRunnable task) {
    return of(name, LaunchOptions.defaults(), task);
  }

  /// Creates a process. It is not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess of(String name, LaunchOptions options, SerializableRunnable task) {
    return new JvmProcess(Require.notNull("name", name), options, task);
  }

  /// The process that runs this code. The first process of all is named `main`.
  ///
  /// @return this process
  public static JvmProcess currentProcess() {
    return CurrentProcess.get().self();
  }

  /// The process that has started this one. Its name and pid are known here, whether it lives, and it can be
  /// joined, though that seldom returns: a process ends with its parent. It cannot be ended from here.
  ///
  /// @return it; empty in a session's first process
  public static Optional<JvmProcess> parentProcess() {
    return Optional.ofNullable(CurrentProcess.get().parent());
  }

  /// The children of this process that were started and have not ended.
  ///
  /// @return them, in the order of their starts
  public static List<JvmProcess> activeChildren() {
    return CurrentProcess.get().activeChildren();
  }

  /// What a process of a subclass does; runs there, in the main thread. Nobody calls it here.
  ///
  /// @throws Exception whatever it throws: its stack is printed, and the exit code is 1
  protected void run() throws Exception {
    throw new UnsupportedOperationException(
        "a subclass of JvmProcess must override run: class=" + getClass().getName());
  }

  /// Says whether the process shall be a daemon: one that its parent terminates at its own normal
  /// end instead of joining it. Without this call it is what its parent is. Daemons may have children.
  ///
  /// @param wanted whether it shall be
  /// @throws IllegalStateException if the process has been started
  public final void setDaemon(boolean wanted) {
    kin.offspring("daemon must be set before the process is started").setDaemon(wanted);
  }

  /// True if its parent terminates it at its own normal end.
  ///
  /// @return whether it is a daemon
  public final boolean isDaemon() {
    return kin.isDaemon();
  }

  /// Gives the process another name.
  ///
  /// @param name a name for people, which need not be unique
  /// @throws IllegalStateException if the process has been started
  public final void setName(String name) {
    kin.offspring("name must be set before the process is started").setName(name);
  }

  /// The secret by which processes of this session can know each other, over sockets:
  /// `ConnectionOptions.defaults().withAuthKey(JvmProcess.currentProcess().authKey())`. A session's first
  /// process makes one of random bytes, and each process has its parent's unless it is given another. It
  /// is never printed, and travels neither on command lines nor in the environment.
  ///
  /// @return the key
  /// @throws IllegalStateException if this is the parent of the calling process
  public final AuthKey authKey() {
    return kin.authKey();
  }

  /// Sets the secret that the process has: of one that is not started, or of the current one, whose
  /// children inherit it from now on.
  ///
  /// @param key the key
  /// @throws IllegalStateException if the process has been started, and is not the current one
  public final void setAuthKey(AuthKey key) {
    if (kin instanceof Self self) {
      self.current().setAuthKey(key);
    } else {
      kin.offspring("authKey must be set before the process is started").setAuthKey(key);
    }
  }

  /// Starts the process. Returns as soon as the JVM is on its way.
  ///
  /// @throws IllegalStateException if it was started or closed before, or this process is itself
  ///     still starting
  /// @throws NotSendableException if the task, or something it refers to, cannot be sent; nothing
  ///     has happened then
  /// @throws UncheckedIOException if the system refuses to start a process
  /// @throws OutOfMemoryError if there can be no thread to watch it; nothing has happened then
  public final void start() {
    kin.offspring("a process can be started only once").start(this);
  }

  /// Waits until the process has ended. As often as one likes: what has ended is not waited for.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  public final void join() throws InterruptedException {
    boolean _ = kin.awaitEnd(Long.MAX_VALUE);
  }

  /// Waits until the process has ended, but not longer than a limit.
  ///
  /// @param limit how long; not more than zero means only to look
  /// @return whether it has ended
  /// @throws IllegalStateException if it was not started, or is this very process
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  public final boolean join(Duration limit) throws InterruptedException {
    return kin.awaitEnd(Until.nanos(limit));
  }

  /// A future of the end, for those who do not want to wait. It never fails; to complete or cancel
  /// it has no effect on the process. Futures that were asked for before the end are completed in that order.
  /// What is attached to one without an executor should not block.
  ///
  /// @return a future of how the process ended
  public final CompletableFuture<DeathCertificate> exit() {
    return kin.offspring("only the end of a process that was started here can be told").exit();
  }

  /// True from the start of the process until it has ended.
  ///
  /// @return whether it lives
  public final boolean isAlive() {
    return kin.isAlive();
  }

  /// Its process id, also after its end. It changes if its JVM does not come up with its archive of classes,
  /// before anything of it has run: another one takes its place then.
  ///
  /// @return the pid
  /// @throws IllegalStateException if it was not started
  public final long pid() {
    return kin.pid();
  }

  /// How it ended: 0 or the code it exited with, -N if signal N ended it.
  ///
  /// @return the code, empty as long as it has not ended
  public final OptionalInt exitCode() {
    DeathCertificate known = kin.certificate();
    return known == null ? OptionalInt.empty() : OptionalInt.of(known.exitCode());
  }

  /// How it ended, with all that is known about it.
  ///
  /// @return the certificate, empty as long as it has not ended
  public final Optional<DeathCertificate> certificate() {
    return Optional.ofNullable(kin.certificate());
  }

  /// Interrupts the thread that runs the process's task, as [Thread#interrupt] does; before the task has
  /// begun, it begins interrupted. Does not wait, and does nothing if the process has ended. A process that is stopped
  /// (`SIGSTOP`) hears of it when it goes on; the pipe to it holds some 65,000 requests, and only what is beyond waits.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public final void interrupt() {
    kin.child().request(Requests.INTERRUPT);
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
  public final void stop() {
    kin.child().request(Requests.STOP);
  }

  /// Ends the work of a thread that computes, if this process was asked to stop ([#stop]); otherwise
  /// does nothing, and costs next to nothing. Always the latter in a session's first process.
  ///
  /// @throws ProcessExit if it was
  public static void checkExit() {
    Stopping.check();
  }

  /// Asks the process to end with SIGTERM: its shutdown hooks run. Does not wait, and does nothing
  /// if it has ended. To one that is a thread it is [#stop], and if that heeds it not for two seconds, a
  /// warning says where it is.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  public final void terminate() {
    kin.child().signal(Signals.SIGTERM);
  }

  /// Ends the process with SIGKILL. Does not wait, and does nothing if it has ended.
  ///
  /// @throws IllegalStateException if it was not started, or is this very process
  /// @throws UnsupportedOperationException if it is a thread ([StartMethod#DUMMY])
  public final void kill() {
    Child child = kin.child();
    if (child.isThread()) {
      throw new UnsupportedOperationException(
          "a process that is a thread cannot be killed: process="
              + name()
              + "; stop() and terminate() ask it to end, and a JVM of its own (spawn) can be"
              + " killed");
    }
    child.kill();
  }

  /// Its name.
  ///
  /// @return the name
  public final String name() {
    return kin.name();
  }

  /// Waits until the process has ended, as [#join] does, so that a try statement holds it; one
  /// that was not started never will be. A thread that is interrupted meanwhile kills the process,
  /// and stays interrupted. Certificate and exit code can still be read. Does nothing to the current
  /// process and its parent.
  @Override
  public final void close() {
    if (kin instanceof Offspring offspring) {
      offspring.close();
    }
  }

  /// Name and state: `JvmProcess[Process-1, stopped[SIGTERM]]`.
  @Override
  public final String toString() {
    String type = getClass().getSimpleName();
    String shown = name() + ", " + kin.state() + (isDaemon() ? " daemon" : "");
    return (type.isEmpty() ? "JvmProcess" : type) + "[" + shown + "]";
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    if (!(kin instanceof Offspring offspring && offspring.isLeaving())) {
      throw new NotSendableException(
          "a JvmProcess belongs to the process that made it, which alone can start, join or end it,"
              + " and cannot be sent to another: process="
              + name()
              + "; send its pid, or what the other one shall know");
    }
    out.defaultWriteObject();
  }

  /// Runs what arrived as the process that this one is.
  void runHere() throws Exception {
    CurrentProcess current = CurrentProcess.get();
    kin = new Self(current);
    current.become(this);
    run();
  }

  /// What is watched of it.
  Source source() {
    return kin.child();
  }
}
