package io.procession.internal.arena;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The objects on which this process works without a lock against their end: shared memory, of which it
/// may have given away addresses, and the words of locks and their kin, which it reads and then changes.
///
/// What such an object is made of stays where it is until every process that has it has let it go, or
/// has died; also if it was destroyed long before. So nobody writes to what is another object's by now.
/// (When the session has no more sets of users, locks and their kin do without: then nobody knows who
/// works on one that was destroyed, and it stays where it is until the session's end.)
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
   * counted here. If it is this process that destroys, all of them end with it, with their views.
   */
  private final Directory directory;
  private final Units units;
  private final UserSets userSets;
  private final int self;
  private final BooleanSupplier isOver;
  private final Map<CellRef, Hold> holds = new HashMap<>();
  private final Ends<Arena> views = new Ends<>();
  private final Ends<ObjectUser> unasking = new Ends<>();

  private static final class Hold {
    final int slot;
    int count = 1;

    Hold(int slot) {
      this.slot = slot;
    }
  }

  /// @param isOver whether this process has ended, though its JVM goes on: its place in the sets of users
  ///     has been given up by then
  Holdings(Directory directory, Units units, UserSets userSets, int self, BooleanSupplier isOver) {
    this.directory = directory;
    this.units = units;
    this.userSets = userSets;
    this.self = self;
    this.isOver = isOver;
  }

  /// Notes that a reference to an object leaves this process, which has made or received it.
  ///
  /// @throws IllegalStateException if it is memory, and the session has no more sets of users
  public synchronized void send(CellRef ref, CellKind kind) {
    if (!holds.containsKey(ref) && directory.isThere(ref) && !directory.wasSent(ref.cell())) {
      if (userSets.has(ref.cell()) || userSets.claim(ref.cell())) { // an error may have come since
        int slot = userSets.slot(ref.cell());
        userSets.set(slot, 0).add(self);
        holds.put(ref, new Hold(slot));
      } else if (kind == CellKind.MEMORY) {
        throw UserSets.none(); // what is left of others, when they are destroyed, is small
      }
    }
    directory.markSent(ref);
  }

  /// Makes this process one that has the object, until it [#letGo]es as often.
  ///
  /// @return false if the object is gone
  synchronized boolean hold(CellRef ref, CellKind kind) {
    return join(ref)
        || (kind != CellKind.MEMORY && !userSets.has(ref.cell()) && directory.isThere(ref));
  }

  /// What becomes of an object that its maker gives up: it is freed, or if it was sent, let go.
  synchronized void giveUp(CellRef ref) {
    if (directory.freeUnlessSent(ref)) {
      forgetEnds(ref);
    } else {
      letGo(ref);
    }
  }

  /// Has a scope end when this process destroys the object.
  ///
  /// @return false if the object is gone
  public synchronized boolean addViews(CellRef ref, Arena scope) {
    if (!directory.isThere(ref)) {
      return false; // another object of this process that stands for it was faster
    }
    views.add(ref, scope);
    return true;
  }

  /// Has somebody who works on the object without asking, be it only whether it is there, told when this
  /// process destroys it.
  ///
  /// @return false if the object is gone
  public synchronized boolean addUnasking(CellRef ref, ObjectUser user) {
    if (!directory.isThere(ref)) {
      return false;
    }
    unasking.add(ref, user);
    return true;
  }

  /// Ends one hold of the object, if there is any. The last one of all processes frees it if it was
  /// destroyed.
  public synchronized void letGo(CellRef ref) {
    Hold hold = holds.get(ref);
    if (hold != null && --hold.count == 0) {
      end(ref, hold);
    }
  }

  /// Destroys the object for all processes. It is free as soon as nobody holds it; where others do, its
  /// words refuse them, and its pages are given back at once, as far as the platform can.
  ///
  /// @return whether this call did it
  /// @throws IllegalStateException if a native call or a channel is at work with a view
  synchronized boolean destroy(CellRef ref, CellKind kind) {
    endViews(ref);
    unasking.get(ref).forEach(ObjectUser::destroyed);
    if (directory.freeUnlessSent(ref)) {
      forgetEnds(ref);
      return true;
    }
    if (!userSets.has(ref.cell())) {
      return directory.doom(ref); // for good
    }
    if (!join(ref)) { // held here, nobody frees it in the midst
      return false;
    }
    boolean doomed = directory.doom(ref);
    Hold hold = holds.get(ref);
    if (hold == null) {
      throw new AssertionError(ref); // it has joined
    }
    if (doomed) {
      directory.clearBody(ref.cell());
      if (kind == CellKind.MEMORY && !userSets.set(hold.slot, 0).isOnly(self)) {
        units.vacate(ref.cell());
      }
    }
    end(ref, hold);
    return doomed;
  }

  /// Destroys an object that was to end with its maker, which is dead, for all processes. Views of it in this
  /// one stay what they are, as those in others.
  synchronized void destroyFor(CellRef ref) {
    boolean wasHeld = holds.containsKey(ref);
    if (!userSets.has(ref.cell())) {
      directory.doom(ref); // for good
    } else if (join(ref)) { // held here, nobody frees it in the midst
      if (directory.doom(ref)) {
        directory.clearBody(ref.cell());
        UserSet users = userSets.set(userSets.slot(ref.cell()), 0);
        if (directory.is(ref.cell(), CellKind.MEMORY) && (wasHeld || !users.isOnly(self))) {
          units.vacate(ref.cell());
        }
      }
      letGo(ref);
    }
  }

  private void end(CellRef ref, Hold hold) {
    holds.remove(ref);
    forgetEnds(ref);
    leave(hold.slot);
  }

  private void forgetEnds(CellRef ref) {
    views.remove(ref);
    unasking.remove(ref);
  }

  private void endViews(CellRef ref) {
    for (Arena scope : views.get(ref)) {
      try {
        if (scope.scope().isAlive()) {
          scope.close();
        }
      } catch (IllegalStateException e) {
        if (scope.scope().isAlive()) {
          throw e; // in use; else another thread has closed it just now
        }
      }
    }
  }

  /// How many objects are held at this moment, each once.
  synchronized int size() {
    return holds.size();
  }

  private boolean join(CellRef ref) {
    Hold known = holds.get(ref);
    if (known != null) {
      known.count++;
      return true;
    }
    int slot = userSets.slot(ref.cell());
    if (slot < 0) {
      return false;
    }
    boolean wasIn = !userSets.set(slot, 0).add(self);
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

  private void leave(int slot) {
    if (isOver.getAsBoolean()) {
      return;
    }
    userSets.set(slot, 0).remove(self);
    int cell = userSets.owner(slot);
    if (cell >= 0) {
      directory.collect(cell);
    }
  }
}
