package io.procession.internal.remote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A process that calls objects of the server: what it has of them, and what goes when it goes.
///
/// Its own lock guards it. With it held nothing is called but the table of objects, whose lock comes
/// after it.
public final class Peer {
  /// How many connections for calls a process has at most, which is how many of its threads call at a
  /// time: each may have a request and a reply in memory.
  static final int MOST_LINES = 4096;

  private final String id;
  private final String name;
  private final ReplyLimit limit;
  private final ObjectTable objects;
  private final Departures departures;
  private final Map<ServedObject, Integer> grants = new HashMap<>(); // guarded by this
  private final Map<Long, CallLoop> loops = new HashMap<>(); // guarded by this
  private final Map<Long, Long> early = new EarlyCancels(); // guarded by this
  private final Set<Runnable> onDeath = new HashSet<>(); // guarded by this
  private volatile boolean isGone; // set with this held

  /// Calls that were cancelled before their connections were heard of, by these: the latest, since some
  /// are of connections that have ended.
  private static final class EarlyCancels extends LinkedHashMap<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
      return size() > MOST_LINES;
    }
  }

  /// @param limit how long a reply may be
  /// @param isStranger whether it is behind a network
  Peer(String id, String name, ReplyLimit limit, ObjectTable objects, boolean isStranger) {
    this.id = id;
    this.name = name;
    this.limit = limit;
    this.objects = objects;
    this.departures = Departures.of(isStranger);
  }

  String id() {
    return id;
  }

  /// How long a reply may be: the process refuses longer messages, or the server sends none.
  ///
  /// @return a number of bytes; [Long#MAX_VALUE] if there is no limit
  public long mostBytes() {
    return limit.mostBytes();
  }

  /// The same, to encode replies by.
  ReplyLimit limit() {
    return limit;
  }

  /// Whether the process is gone, or the server ends: nothing more is done for it.
  boolean isGone() {
    return isGone;
  }

  /// What it has sent to others, and nobody has received yet.
  Departures departures() {
    return departures;
  }

  /// Notes that the process has got a stub of an object.
  ///
  /// @return false if the process is gone, and there is nobody to have it
  synchronized boolean grant(ServedObject object) {
    if (isGone) {
      return false;
    }
    if (grants.merge(object, 1, Integer::sum) == 1) {
      objects.hold(object);
    }
    return true;
  }

  /// Takes back what was granted so often.
  void release(ServedObject object, int times) {
    boolean isLast;
    synchronized (this) {
      Integer had = grants.get(object);
      isLast = had != null && had <= times;
      if (isLast) {
        grants.remove(object);
      } else if (had != null) {
        grants.put(object, had - times);
      }
    }
    if (isLast) {
      objects.drop(object);
    }
  }

  /// Takes back what was granted with a reply that the process does not get.
  void takeBack(List<ServedObject> granted) {
    granted.forEach(object -> release(object, 1));
    granted.clear();
  }

  /// Adds a connection of the process.
  ///
  /// @return false if the process is gone, has too many, or one of that number
  boolean add(long line, CallLoop loop) {
    Long cancelled;
    synchronized (this) {
      if (isGone || loops.size() >= MOST_LINES || loops.putIfAbsent(line, loop) != null) {
        return false;
      }
      cancelled = early.remove(line);
    }
    if (cancelled != null) {
      loop.cancel(cancelled);
    }
    return true;
  }

  synchronized void remove(long line) {
    loops.remove(line);
  }

  /// Interrupts a call, if it is under way or still to come: its connection, too, may be heard of later.
  void cancel(long line, long call) {
    CallLoop loop;
    synchronized (this) {
      loop = loops.get(line);
      if (loop == null && !isGone) {
        early.put(line, call);
      }
    }
    if (loop != null) {
      loop.cancel(call);
    }
  }

  /// Has something be done when the process is gone.
  ///
  /// @return false if it is gone already, or the server ends: then nothing is done
  public synchronized boolean onDeath(Runnable action) {
    if (isGone) {
      return false;
    }
    onDeath.add(action); // or it is there already, for who locks once more
    return true;
  }

  /// Takes back what [#onDeath] was given.
  public synchronized void forget(Runnable action) {
    onDeath.remove(action);
  }

  /// The server ends: so do its calls. Whether the process is gone will not matter any more, and is not
  /// told.
  void dismiss() {
    List<CallLoop> running;
    synchronized (this) {
      isGone = true;
      running = new ArrayList<>(loops.values());
      loops.clear();
      early.clear();
      onDeath.clear();
    }
    running.forEach(CallLoop::end);
  }

  /// The process is gone: its calls end, what it owned is free, what only it had is dropped.
  void die() {
    List<CallLoop> running;
    List<Runnable> actions;
    List<ServedObject> held;
    synchronized (this) {
      if (isGone) {
        return;
      }
      isGone = true;
      running = new ArrayList<>(loops.values());
      actions = new ArrayList<>(onDeath);
      held = new ArrayList<>(grants.keySet());
      loops.clear();
      early.clear();
      onDeath.clear();
      grants.clear();
    }
    running.forEach(CallLoop::end);
    RuntimeException failure = null;
    for (Runnable action : actions) { // each on its own: nobody does the rest later
      try {
        action.run();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    held.forEach(objects::drop);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
