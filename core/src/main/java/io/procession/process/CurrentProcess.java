package io.procession.process;

import static java.util.Objects.requireNonNull;

import io.procession.connection.AuthKey;
import io.procession.internal.arena.ExitHooks;
import io.procession.internal.check.Require;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Signals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Who this process is, and the children it has that run.
final class CurrentProcess {
  /// The name of a session's first process.
  static final String FIRST = "main";

  /// In which a daemon has begun to end, and in which one that has must have ended.
  private static final long DAEMONS_BEGIN_NANOS = 2_000_000_000;

  private static final long DAEMONS_END_NANOS = 5_000_000_000L;

  private static volatile @Nullable CurrentProcess current;

  private final String name;
  private final String lineage;
  private final boolean daemon;
  private final String parentName;
  private final @Nullable ProcessIdentity parent;
  private final String initialisers;
  private final AtomicInteger made = new AtomicInteger();
  private final Map<Child, JvmProcess> children = new LinkedHashMap<>();
  private volatile boolean starting;
  private boolean endsDaemons;

  // guarded by this
  private @Nullable JvmProcess self;
  private @Nullable AuthKey authKey;
  private byte @Nullable [] inheritedKey;

  private CurrentProcess(
      String name,
      String lineage,
      boolean daemon,
      String parentName,
      @Nullable ProcessIdentity parent,
      String initialisers,
      byte @Nullable [] inheritedKey) {
    this.name = name;
    this.lineage = lineage;
    this.daemon = daemon;
    this.parentName = parentName;
    this.parent = parent;
    this.initialisers = initialisers;
    this.inheritedKey = inheritedKey;
  }

  /// This process; one that was not entered as a child is its session's first.
  static CurrentProcess get() {
    LocalProcess here = LocalProcess.current();
    return here == null ? ofJvm() : requireNonNull(here.find(CurrentProcess.class));
  }

  /// This JVM, also for threads of a process that is a thread of it.
  static CurrentProcess ofJvm() {
    CurrentProcess known = current;
    if (known == null) {
      synchronized (CurrentProcess.class) {
        known = current;
        if (known == null) {
          known = new CurrentProcess(FIRST, "", false, "", null, "", null);
          current = known;
        }
      }
    }
    return known;
  }

  /// Whether anybody has asked for this process, or it is a child.
  static boolean isKnown() {
    return current != null;
  }

  /// Makes this process the child of a launch record. It is starting until [#begin].
  static CurrentProcess enter(LaunchRecord record, ProcessIdentity parent) {
    CurrentProcess self =
        new CurrentProcess(
            record.name(),
            record.lineage(),
            record.isDaemon(),
            record.parentName(),
            parent,
            record.initialisers(),
            record.authKey());
    self.starting = true;
    LocalProcess here = LocalProcess.current();
    if (here == null) {
      current = self;
    } else {
      here.put(CurrentProcess.class, self);
    }
    return self;
  }

  /// Makes this process a spare, which is starting until it becomes a child.
  static void enterSpare() {
    CurrentProcess self = new CurrentProcess("spare", "", true, "", null, "", null);
    self.starting = true;
    current = self;
  }

  /// From here on the child's task runs.
  void begin() {
    starting = false;
  }

  String name() {
    return name;
  }

  /// This process, for its user.
  synchronized JvmProcess self() {
    JvmProcess known = self;
    if (known == null) {
      known = JvmProcess.ofSelf(this);
      self = known;
    }
    return known;
  }

  /// Makes what arrived as the process that this is, what its user sees.
  synchronized void become(JvmProcess arrived) {
    self = arrived;
  }

  /// The process that has started this one, for its user; null for a session's first.
  @Nullable JvmProcess parent() {
    ProcessIdentity known = parent;
    return known == null ? null : JvmProcess.ofParent(parentName, known);
  }

  /// The secret of this process: inherited, given, or made now.
  synchronized AuthKey authKey() {
    AuthKey known = authKey;
    if (known == null) {
      byte[] bytes = inheritedKey;
      known = bytes == null ? AuthKey.random() : AuthKey.of(bytes);
      authKey = known;
    }
    return known;
  }

  synchronized void setAuthKey(AuthKey key) {
    authKey = Require.notNull("key", key);
  }

  boolean isDaemon() {
    return daemon;
  }

  /// True of a session's first process.
  boolean isFirst() {
    return parent == null;
  }

  /// The static initialisers that have led to this process.
  String initialisers() {
    return initialisers;
  }

  /// The lineage of a child made now: this process's, and the child's number.
  String nextLineage() {
    int number = made.incrementAndGet();
    return lineage.isEmpty() ? Integer.toString(number) : lineage + ":" + number;
  }

  /// Makes sure that this process may start others.
  ///
  /// @throws IllegalStateException if it is itself still starting, or ends
  void prepareToStart(String child) {
    if (starting) {
      throw new StartRefusedException(
          "a process must not be started while its parent is itself still starting: process="
              + child
              + ", parent="
              + name
              + "; this happens when a static initialiser starts processes: it runs again in every"
              + " child. Start them from main or another method");
    }
    StaticInitialisers.check(initialisers, child);
    if (lineage.isEmpty()) {
      FreezeSupport.requireHeard();
    }
    synchronized (children) {
      if (!endsDaemons) {
        try {
          ExitHooks.addEssential("daemons", ExitHooks.DAEMONS, this::endDaemons);
        } catch (IllegalStateException e) {
          throw new IllegalStateException(
              "no process can be started while this JVM ends: process=" + child, e);
        }
        endsDaemons = true;
        if (parent == null) {
          StillWaiting.listen();
          OrphanReaper.startIfNeeded();
        }
      }
    }
  }

  void add(Child child, JvmProcess process) {
    synchronized (children) {
      children.put(child, process);
    }
  }

  void remove(Child child) {
    synchronized (children) {
      children.remove(child);
    }
  }

  List<JvmProcess> activeChildren() {
    synchronized (children) {
      return List.copyOf(children.values());
    }
  }

  /// Lets the end of this process be seen by its children at once.
  static void abandonChildren() {
    Spares.own().close();
    CurrentProcess self = current;
    if (self != null) {
      for (Child child : self.runningChildren()) {
        child.abandon();
      }
    }
  }

  /// The children that have not ended.
  List<Child> runningChildren() {
    synchronized (children) {
      return new ArrayList<>(children.keySet());
    }
  }

  private void endDaemons() {
    List<Child> first = new ArrayList<>();
    List<Child> last = new ArrayList<>();
    boolean hasOthers = false;
    for (Child child : runningChildren()) {
      if (child.isDaemon()) {
        (child.endsLast() ? last : first).add(child);
      } else {
        hasOthers = true;
      }
    }
    end(first);
    if (!hasOthers) {
      end(last); // else they end with this process, as the others do who may be using them
    }
  }

  private static void end(List<Child> running) {
    long asked = System.nanoTime();
    for (Child child : running) {
      child.signal(child.hasArrived() ? Signals.SIGTERM : Signals.SIGKILL);
    }
    try {
      for (Child child : running) {
        if (!child.awaitEnd(asked + DAEMONS_BEGIN_NANOS - System.nanoTime())
            && !(child.isEnding()
                && child.awaitEnd(asked + DAEMONS_END_NANOS - System.nanoTime()))) {
          child.signal(Signals.SIGKILL);
        }
      }
    } catch (InterruptedException e) {
      // nobody interrupts a shutdown hook; the pipes end the rest
    }
  }
}
