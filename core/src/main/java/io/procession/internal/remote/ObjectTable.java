package io.procession.internal.remote;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.KernelRandom;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The objects of a server by identity.
///
/// An object is here as long as anybody holds it. One that a caller has passed on to the server may
/// have been put into another object, which then keeps it alive without holding it: it leaves the
/// table all the same, but is [parked][Parked], and comes back as what it was when it is met again.
/// So an identity always means the same object, and is never used for another.
///
/// Who looks an object up to let a process have it gets it held, and drops it when that is done: so it
/// cannot leave, or be replaced by another of its identity, in between.
///
/// Its own lock guards all that is not looked up by a call; nothing of others is called with it held.
final class ObjectTable {
  private static final Logger LOGGER = LibraryLogger.of("io.procession.manager");

  private final ConcurrentHashMap<String, ServedObject> live = new ConcurrentHashMap<>();

  // guarded by this
  private final IdentityHashMap<Object, ServedObject> byReferent = new IdentityHashMap<>();
  private final Parked parked = new Parked();
  private final Map<Long, Departure> departed = new HashMap<>();
  private long made;

  private volatile boolean hasTaken;

  /// A stub on its way, and among whose it counts.
  private record Departure(ServedObject object, Departures group) {}

  /// Puts an object here, held by the caller; it is found again if it is here already.
  ///
  /// @throws RequestException if it is here as a type that shows other methods: who may call some only
  ///     would get all, or the other way round
  synchronized ServedObject add(Kind kind, Object referent) throws RequestException {
    ServedObject known = byReferent.get(referent);
    if (known == null) {
      known = revived(referent);
    }
    ServedObject object =
        known == null ? new ServedObject(Long.toHexString(++made), kind, referent) : known;
    hold(object);
    if (!object.kind().shows(kind)) {
      boolean _ = leaves(object); // as it was
      throw new RequestException(
          "an object is served as one type: type="
              + object.kind().name()
              + ", asked for as="
              + kind.name()
              + "; let one of them make an object of its own that passes calls on");
    }
    return object;
  }

  /// An object that a process is to have, held by the caller.
  ///
  /// @throws RequestException if it is not here
  synchronized ServedObject held(String ident) throws RequestException {
    ServedObject object = get(ident);
    hold(object);
    return object;
  }

  /// An object that a call is for.
  ///
  /// @throws RequestException if it is not here
  ServedObject get(String ident) throws RequestException {
    ServedObject object = live.get(ident);
    if (object == null) {
      throw gone(ident);
    }
    return object;
  }

  /// What a caller passes on to the server: the object itself.
  ///
  /// @throws RequestException if it is not here
  Object take(String ident) throws RequestException {
    synchronized (this) {
      ServedObject object = live.get(ident);
      if (object == null) {
        throw gone(ident);
      }
      object.isTaken = true;
      hasTaken = true;
      return object.referent();
    }
  }

  /// What a result is if it was once passed on by a caller: an object of the table, held by the caller,
  /// and no value.
  @Nullable ServedObject findPassed(Object result) {
    if (isPlain(result)) {
      return null;
    }
    synchronized (this) {
      ServedObject known = byReferent.get(result);
      ServedObject found = known != null && known.isTaken ? known : revived(result);
      if (found != null) {
        hold(found);
      }
      return found;
    }
  }

  /// Whether [#findPassed] would find it; nothing comes back by that.
  boolean wasPassed(Object result) {
    if (isPlain(result)) {
      return false;
    }
    synchronized (this) {
      ServedObject known = byReferent.get(result);
      return known != null ? known.isTaken : parked.has(result);
    }
  }

  /// What most results are, and nobody's object is.
  private static boolean isPlain(Object result) {
    return result instanceof String || result instanceof Number || result instanceof Boolean;
  }

  /// One more holds the object, which is here or comes with it.
  synchronized void hold(ServedObject object) {
    if (object.holders++ == 0) {
      insert(object);
    }
  }

  /// One holder less; with the last one the object leaves. If it fails to, others that are dropped with it
  /// leave all the same, and whoever drops it has nothing to do with that.
  void drop(ServedObject object) {
    if (leaves(object) && object.referent() instanceof Leaving referent) {
      try {
        referent.left();
      } catch (RuntimeException | Error e) {
        tell(object, e);
      }
    }
  }

  private static void tell(ServedObject object, Throwable failure) {
    try {
      LOGGER.log(
          Level.WARNING,
          "a managed object that nobody has any more could not end what it does: object=" + object,
          failure);
    } catch (RuntimeException | Error e) {
      // by a handler of logs: the others still have to leave
    }
  }

  /// @return whether nobody has it now, as far as can be known
  private synchronized boolean leaves(ServedObject object) {
    if (--object.holders > 0) {
      return false;
    }
    live.remove(object.ident(), object);
    byReferent.remove(object.referent(), object);
    if (object.isTaken) {
      parked.add(object);
    }
    return !object.isTaken;
  }

  /// A stub of the object leaves for another process: what is on its way holds it.
  ///
  /// @param group those of its sender
  /// If it is one too many of its sender, the oldest ends: that is of what was never sent, since an encoding
  /// counts, too, that found no room or failed.
  ///
  /// @return the number by which it arrives, which none but those who get it know
  /// @throws RequestException if it is not here
  long depart(String ident, Departures group) throws RequestException {
    while (true) {
      long departure = KernelRandom.nextLong();
      List<Long> tooMany;
      synchronized (this) {
        ServedObject object = get(ident);
        group.requireSender();
        if (departed.putIfAbsent(departure, new Departure(object, group)) != null) {
          continue;
        }
        group.add(departure);
        hold(object);
        tooMany = group.tooMany();
      }
      end(tooMany);
      return departure;
    }
  }

  /// A stub has arrived, and the process that got it holds the object by now. One that arrives a
  /// second time, as the same bytes read again, has nothing left to give back; nor has one of another
  /// object.
  void arrived(String ident, long departure) {
    synchronized (this) {
      Departure known = departed.get(departure);
      if (known == null || !known.object.ident().equals(ident)) {
        return;
      }
    }
    end(List.of(departure));
  }

  /// A sender is gone: what it has sent counts as left behind. Of that the oldest ends if it is too
  /// much.
  ///
  /// @param left what senders have left behind
  /// @return the numbers of what it has sent
  List<Long> leave(Departures group, Departures left) {
    List<Long> numbers;
    List<Long> tooMany;
    synchronized (this) {
      numbers = group.leave();
      for (Long number : numbers) {
        departed.computeIfPresent(number, (_, known) -> new Departure(known.object, left));
        left.add(number);
      }
      tooMany = left.tooMany();
    }
    end(tooMany);
    return numbers;
  }

  /// Those of these stubs that are still on their way hold nothing any more.
  void end(List<Long> departures) {
    List<ServedObject> held = new ArrayList<>();
    synchronized (this) {
      for (Long number : departures) {
        Departure known = departed.remove(number);
        if (known != null) {
          known.group.remove(number);
          held.add(known.object);
        }
      }
    }
    held.forEach(this::drop);
  }

  /// Whether any caller has passed an object on to the server yet: if not, no result is one.
  boolean hasTaken() {
    return hasTaken;
  }

  synchronized int holders(ServedObject object) {
    return object.holders;
  }

  int size() {
    return live.size();
  }

  synchronized List<ServedObject> all() {
    return new ArrayList<>(live.values());
  }

  private @Nullable ServedObject revived(Object referent) {
    ServedObject object = parked.remove(referent);
    if (object != null) {
      object.isTaken = true;
    }
    return object;
  }

  private void insert(ServedObject object) {
    live.put(object.ident(), object);
    byReferent.put(object.referent(), object);
  }

  private static RequestException gone(String ident) {
    return new RequestException(
        "the object is gone: ident="
            + ident
            + "; a managed object lives as long as a process has a proxy of it");
  }
}
