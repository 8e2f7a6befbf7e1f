package io.procession.process;

import io.procession.internal.arena.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spares that can become the same processes. Guarded by [Spares].
final class SpareKind {
  private static final int STARTS_UNTIL_KEPT = 2;
  private static final int FAILURES_UNTIL_NONE = 3;
  private static final int MOST_HOSTS = 8;
  private static final long REST_NANOS = 20_000_000;

  private final SpareKey key;
  private final Deque<Spare> spares = new ArrayDeque<>();
  private final Deque<String> hosts = new ArrayDeque<>();
  private int starts;
  private int failures;
  private boolean isPressed;
  private boolean isHalted;
  private long lastStart;

  SpareKind(SpareKey key) {
    this.key = key;
  }

  /// Takes the best there is for a process: one that is ready, or else the one that began first.
  ///
  /// @param host the class whose code the process runs; later spares have it loaded
  /// @param leaving gets those that have died
  /// @return null if there is none
  @Nullable Spare take(String host, Deque<Leaving> leaving) {
    starts++;
    dropDead(leaving); // those that died before this start shall not halt what comes after it
    isHalted = false;
    lastStart = System.nanoTime();
    remember(host);
    Spare spare = best();
    isPressed = spare == null || !spare.isReady();
    if (!isPressed) {
      failures = 0;
    }
    return spare;
  }

  private @Nullable Spare best() {
    for (Iterator<Spare> each = spares.iterator(); each.hasNext(); ) {
      Spare spare = each.next();
      if (spare.isReady()) {
        each.remove();
        return spare;
      }
    }
    return spares.poll();
  }

  private void remember(String host) {
    hosts.remove(host);
    hosts.addFirst(host);
    if (hosts.size() > MOST_HOSTS) {
      hosts.removeLast();
    }
  }

  /// True if it needs another spare.
  ///
  /// @param limit how many it may have, but for one more while starts come faster than spares
  boolean isShort(int limit) {
    return isKept() && !isHalted && spares.size() < (isPressed ? limit + 1 : limit);
  }

  /// True if there shall be spares of this kind.
  boolean isKept() {
    return starts >= STARTS_UNTIL_KEPT && failures < FAILURES_UNTIL_NONE;
  }

  /// Starts a spare.
  void add(Session session) {
    try {
      spares.add(Spare.start(session, key.plan(), key.preloaded(), List.copyOf(hosts)));
    } catch (RuntimeException | Error e) {
      failures++; // what is wrong will be said by a start that needs it
    }
  }

  /// Counts a spare that died while it prepared. After a few there are no more: what their start, or a
  /// class that they are to load, does to them it would do to each.
  void noteFailure() {
    failures++;
  }

  /// Removes those that have died.
  void dropDead(Deque<Leaving> leaving) {
    for (Spare spare : new ArrayList<>(spares)) {
      if (!spare.isAlive()) {
        spares.remove(spare);
        spare.makeSure();
        isHalted = true; // until the next start: what has ended this one might end the next
        leaving.add(new Leaving(this, spare));
      }
    }
  }

  /// Ends one.
  void dismissOne(Deque<Leaving> leaving) {
    Spare spare = spares.poll();
    if (spare != null) {
      spare.kill();
      leaving.add(new Leaving(this, spare));
    }
  }

  /// Ends all.
  void dismissAll(Deque<Leaving> leaving) {
    while (!spares.isEmpty()) {
      dismissOne(leaving);
    }
  }

  /// When a spare may be started, so that it does not take the processor from a process that has just
  /// been started out of one: as `System.nanoTime` has it.
  long next() {
    return isPressed ? lastStart : lastStart + REST_NANOS;
  }

  /// How many are ready.
  int ready() {
    int ready = 0;
    for (Spare spare : spares) {
      ready += spare.isReady() ? 1 : 0;
    }
    return ready;
  }

  int size() {
    return spares.size();
  }

  long lastStart() {
    return lastStart;
  }

  /// A spare that has died, or will at once.
  record Leaving(SpareKind kind, Spare spare) {}
}
