package io.procession.internal.arena;

import java.util.HashMap;
import java.util.Map;

/// The objects whose memory this process reaches by itself, without asking anybody: shared memory, of
/// which it may have given away addresses.
///
/// What such an object is made of stays where it is until every process that has it has let it go, or
/// has died; also if it was destroyed long before. So nobody writes to what is another object's by now.
public final class Holdings {
  /*
   * While an object is its maker's alone, nobody else can have it. When it is sent, it gets a set of
   * users, with its maker as the first. A receiver joins, and then looks whether the object is still
   * there; who destroys it makes it doomed (its references fail), and then looks whether the set is
   * empty. All four are volatile: if the receiver finds the object there, the destroyer, or whoever
   * looks later, finds the receiver in the set. Who leaves the set takes itself out and then looks
   * whether the object is doomed and the set is empty: so whoever is last finds that, and frees it, by
   * a CAS that one of several wins. Who dies between two of these steps is taken out by its burial,
   * which looks at every doomed object.
   *
   * A receiver that comes too late may put itself into the set of another object, which has the slot
   * by then. It takes itself out again, unless it is in that set by right (as it was before; nobody
   * joins meanwhile), and looks whether anybody has waited for that. Sets are emptied when they are
   * claimed, should it die in between.
   *
   * A process is in a set once, however many objects of this JVM stand for the shared one: those are
   * counted here.
   */
  private final Directory directory;
  private final Units units;
  private final UserSets userSets;
  private final int self;
  private final Map<CellRef, Hold> holds = new HashMap<>();

  private static final class Hold {
    final int slot;
    int count = 1;

    Hold(int slot) {
      this.slot = slot;
    }
  }

  Holdings(Directory directory, Units units, UserSets userSets, int self) {
    this.directory = directory;
    this.units = units;
    this.userSets = userSets;
    this.self = self;
  }

  /// Notes that a reference to an object leaves this process, which has made or received it.
  ///
  /// @throws IllegalStateException if the session has no more sets of users
  synchronized void send(CellRef ref) {
    if (!holds.containsKey(ref) && directory.isThere(ref) && !directory.wasSent(ref.cell())) {
      userSets.claim(ref.cell());
      int slot = userSets.slot(ref.cell());
      userSets.set(slot, 0).add(self);
      holds.put(ref, new Hold(slot));
    }
    directory.markSent(ref);
  }

  /// Makes this process one that has the object, until it [#letGo]es as often.
  ///
  /// @return false if the object is gone
  synchronized boolean hold(CellRef ref) {
    Hold known = holds.get(ref);
    if (known != null) {
      known.count++;
      return true;
    }
    int slot = userSets.slot(ref.cell());
    if (slot < 0) {
      return false;
    }
    boolean wasIn = userSets.set(slot, 0).has(self);
    userSets.set(slot, 0).add(self);
    if (directory.isThere(ref)) {
      holds.put(ref, new Hold(slot));
      return true;
    }
    if (!wasIn) {
      leave(slot);
    }
    return false;
  }

  /// Puts this process into a set of users of another kind of object.
  public synchronized void join(UserSet set) {
    set.add(self);
  }

  /// Ends one hold of the object. The last one frees an object that is its maker's alone, or that was
  /// destroyed and that nobody else holds.
  synchronized void letGo(CellRef ref) {
    Hold hold = holds.get(ref);
    if (hold == null) {
      directory.freeUnlessSent(ref);
    } else if (--hold.count == 0) {
      holds.remove(ref);
      leave(hold.slot);
    }
  }

  /// Destroys the object for all processes. Its memory is free as soon as nobody holds it; where others
  /// do, its pages are given back at once, as far as the platform can.
  ///
  /// @return whether this call did it
  synchronized boolean destroy(CellRef ref) {
    if (directory.freeUnlessSent(ref)) {
      return true;
    }
    boolean doomed = directory.doom(ref);
    Hold hold = holds.get(ref);
    if (doomed && hold != null && !userSets.set(hold.slot, 0).isOnly(self)) {
      units.vacate(ref.cell()); // held here: nobody frees them meanwhile
    }
    directory.collect(ref.cell());
    return doomed;
  }

  /// How many objects are held at this moment, each once.
  synchronized int size() {
    return holds.size();
  }

  private void leave(int slot) {
    userSets.set(slot, 0).remove(self);
    int cell = userSets.owner(slot);
    if (cell >= 0) {
      directory.collect(cell);
    }
  }
}
