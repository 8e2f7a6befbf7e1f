package io.procession.process;

import io.procession.internal.arena.ExitHooks;
import io.procession.internal.arena.Session;
import io.procession.internal.check.Property;
import io.procession.internal.posix.LocalProcess;
import io.procession.serial.ByteSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The spares of this process: JVMs that were started ahead for processes to come.
///
/// ```
/// starts of a kind   1      2                       3                        4 ...
///                    spawn  spawn, a spare begun    the spare, another begun
/// ```
///
/// There are as many as this process may use processors, less one for the processes that run, but one at
/// least; one more if a start had to do without one that was ready. A kind is what [SpareKey]
/// tells apart. Those of a kind of which nothing has been started for a while
/// (`procession.forkserver.idle.millis`) are ended; a kind that needs room takes it from the one
/// whose last start is longest ago, but from none whose last start is later than its own.
final class Spares {
  private static final long LOOK_MILLIS = 1_000;
  private static final int MOST_KINDS = 16;
  private static final int LIMIT = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  private static final Spares OWN = new Spares();

  // all guarded by this
  private final Map<SpareKey, SpareKind> kinds = new HashMap<>();
  private final Deque<SpareKind.Leaving> leaving = new ArrayDeque<>();
  private List<String> preloaded = List.of();
  private boolean hasHook;
  private boolean isClosed;
  private boolean isKept;

  private Spares() {}

  /// The spares of this process.
  static Spares own() {
    return OWN;
  }

  /// Names classes that spares load and initialize before they are ready. Those that were started
  /// before are of another kind.
  synchronized void preload(List<String> names) {
    preloaded = List.copyOf(names);
  }

  private synchronized List<String> preloaded() {
    return preloaded;
  }

  /// Makes a spare the process of a launch record.
  ///
  /// @param host the class whose code the process runs
  /// @return null if there is none, and the process must be spawned
  @Nullable Launched start(
      Session session, LaunchPlan plan, String name, String host, ByteSink record) {
    SpareKey key = SpareKey.of(plan, preloaded());
    Spare spare = take(session, key, host);
    if (spare == null) {
      return null;
    }
    Launched launched = null;
    try {
      launched = spare.become(name, record);
      return launched;
    } finally {
      if (launched == null) {
        dismiss(key, spare);
      }
    }
  }

  private synchronized void dismiss(SpareKey key, Spare spare) {
    spare.kill();
    SpareKind kind = kinds.get(key);
    leaving.add(new SpareKind.Leaving(kind == null ? new SpareKind(key) : kind, spare));
    notifyAll();
  }

  /// Ends all, and lets no others begin: this process ends.
  synchronized void close() {
    isClosed = true;
    for (SpareKind kind : kinds.values()) {
      kind.dismissAll(leaving);
    }
  }

  /// How many are ready now.
  synchronized int ready() {
    int ready = 0;
    for (SpareKind kind : kinds.values()) {
      ready += kind.ready();
    }
    return ready;
  }

  private synchronized @Nullable Spare take(Session session, SpareKey key, String host) {
    SpareKind kind = kinds.get(key);
    if (kind == null) {
      if (kinds.size() >= MOST_KINDS) {
        SpareKind oldest = oldest(null);
        if (oldest != null) {
          oldest.dismissAll(leaving);
          kinds.values().remove(oldest);
        }
      }
      kind = new SpareKind(key);
      kinds.put(key, kind);
    }
    Spare spare = kind.take(host, leaving);
    if (kind.isKept() && !isClosed) {
      LocalProcess.outside(() -> keep(session)); // spares are the JVM's
    }
    return spare;
  }

  /// The kind whose last start is longest ago.
  @SuppressWarnings("ReferenceEquality") // a kind is nothing but itself
  private @Nullable SpareKind oldest(@Nullable SpareKind but) {
    SpareKind oldest = null;
    for (SpareKind kind : kinds.values()) {
      if (kind != but
          && (but == null || kind.size() > 0)
          && (oldest == null || kind.lastStart() - oldest.lastStart() < 0)) {
        oldest = kind;
      }
    }
    return oldest;
  }

  /// Lets a thread see to it that there are spares.
  private void keep(Session session) {
    if (!hasHook) {
      try {
        ExitHooks.addEssential("spares", ExitHooks.DAEMONS, this::close);
      } catch (IllegalStateException e) {
        return; // this JVM ends
      }
      hasHook = true;
    }
    if (!isKept) {
      Thread thread = new Thread(() -> keepUntilIdle(session), "procession-spares");
      thread.setDaemon(true);
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        return; // no thread can be had: the next start tries again, and this one keeps its spare
      }
      isKept = true;
    }
    notifyAll();
  }

  private void keepUntilIdle(Session session) {
    boolean done = false;
    try {
      while (!done) {
        bury();
        done = keepOnce(session);
      }
    } catch (InterruptedException e) {
      // nobody knows this thread
    } finally {
      if (!done) { // an error, such as no memory: the next start goes on
        synchronized (this) {
          isKept = false;
        }
      }
    }
  }

  /// Starts one spare that is missing, or ends those that nobody needs, or waits for a while.
  ///
  /// @return whether there is nothing left to do
  @SuppressWarnings("WaitNotInLoop") // the caller has the loop, and looks again at everything
  private synchronized boolean keepOnce(Session session) throws InterruptedException {
    long now = System.nanoTime();
    int spares = 0;
    SpareKind needy = null;
    for (SpareKind kind : kinds.values()) {
      if (isClosed || now - kind.lastStart() > idleNanos()) {
        kind.dismissAll(leaving);
      } else if (kind.isShort(LIMIT)
          && (needy == null || needy.lastStart() - kind.lastStart() < 0)) {
        needy = kind;
      }
      spares += kind.size();
    }
    SpareKind other = needy != null && spares > LIMIT ? oldest(needy) : null;
    // whose last start is later keeps its room: else the two would take it from each other for ever
    if (needy != null && other != null && other.lastStart() - needy.lastStart() > 0) {
      needy = null;
    }
    if (needy != null && needy.next() - now > 0) {
      wait(1 + (needy.next() - now) / 1_000_000);
    } else if (needy != null) {
      if (other != null) {
        other.dismissOne(leaving);
      }
      needy.add(session);
    } else if (leaving.isEmpty()) {
      if (spares == 0) {
        isKept = false;
        return true;
      }
      wait(LOOK_MILLIS);
    }
    return false;
  }

  private static long idleNanos() {
    return Property.nanos("procession.forkserver.idle.millis", 10_000);
  }

  private void bury() throws InterruptedException {
    SpareKind.Leaving dead = nextDead();
    while (dead != null) {
      if (dead.spare().bury()) {
        synchronized (this) {
          dead.kind().noteFailure();
        }
      }
      dead = nextDead();
    }
  }

  private synchronized SpareKind.@Nullable Leaving nextDead() {
    for (SpareKind kind : kinds.values()) {
      kind.dropDead(leaving);
    }
    return leaving.poll();
  }
}
