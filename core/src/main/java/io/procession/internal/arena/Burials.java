package io.procession.internal.arena;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What is done when a process of the session has ended: the last duty of its parent.
///
/// [#bury] releases everything the dead participant held and frees its row. Children that it leaves
/// behind (they end within a second, since their parent is gone) are adopted and buried in their
/// turn, by a thread that lives as long as there are any.
public final class Burials {
  /*
   * A participant is buried by one process, its row's parent, and there by one thread at a time, which
   * looks whether the row still is that participant's before it does anything. Only who buries it
   * frees the row. So the row has no other tenant from that look to the end, and whatever is known by
   * its row alone (a bit in a set of users) is the dead one's.
   */
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private final Participants participants;
  private final Directory directory;
  private final Holdings holdings;
  private final WaitNotes waits;
  private final Legacies legacies;
  private volatile Consumer<CellRef> heir = object -> {};
  private final Set<Integer> underway = ConcurrentHashMap.newKeySet();
  private final Deque<Integer> orphans = new ArrayDeque<>();
  private boolean watching;

  Burials(Participants participants, Directory directory, Holdings holdings, WaitNotes waits) {
    this.participants = participants;
    this.directory = directory;
    this.holdings = holdings;
    this.waits = waits;
    this.legacies = new Legacies(directory);
  }

  /// Names who decides what becomes of pipes whose last user is buried here, and frees queues that end
  /// with their maker.
  public void setHeir(Consumer<CellRef> newHeir) {
    heir = newHeir;
  }

  /// Tells everybody of a child's death, releases what it held, adopts its children, frees its row.
  ///
  /// Safe to do again after one that did the same has died in the midst, or an error has thrown out: then
  /// it is done again aside. Does nothing if it has been done, or another thread is at it.
  public void bury(int dead) {
    bury(dead, ProcessFate.UNKNOWN);
  }

  /// As [#bury(int)], by a parent that knows how its child ended.
  public void bury(int dead, ProcessFate ending) {
    if (underway.add(dead)) {
      boolean done = false;
      try {
        if (participants.isOursToBury(dead)) {
          participants.noteEnd(dead, ending);
          release(dead);
        }
        legacies.buried(dead);
        done = true;
      } finally {
        underway.remove(dead);
        if (!done) {
          watch(List.of(dead));
        }
      }
    }
  }

  private void release(int dead) {
    participants.declareDead(dead);
    waits.release(dead);
    adoptChildren(dead);
    List<CellRef> abandoned = new ArrayList<>();
    List<CellRef> estate = new ArrayList<>();
    boolean wasUser = directory.release(dead, abandoned, estate, legacies);
    for (CellRef object : estate) {
      holdings.destroyFor(object);
    }
    if (wasUser || !estate.isEmpty()) {
      participants.ringAll();
    }
    for (CellRef object : abandoned) {
      heir.accept(object);
    }
    watch(legacies.children(dead)); // who fails before the row is free begins anew
    participants.free(dead);
  }

  /// Before anything of the dead is freed that they may work at.
  private void adoptChildren(int dead) {
    for (int child : participants.childrenOf(dead)) {
      legacies.addChild(dead, child);
      boolean _ = participants.adopt(child, dead); // only who buries the parent does
    }
  }

  private void watch(List<Integer> adopted) {
    synchronized (orphans) {
      orphans.addAll(adopted);
      if (!watching && !orphans.isEmpty()) {
        Thread.ofPlatform().daemon().name("procession-orphans").start(this::watchOrphans);
        watching = true; // only now: where no thread can be had, the next burial tries again
      }
    }
  }

  /// Orphans are nobody's children that could be waited for: their end shows only when looked for.
  ///
  /// A look costs little, a burial goes through all that is shared. So all are looked at, and their
  /// deaths told, before any is buried, and again whenever it is time while some are.
  private void watchOrphans() {
    List<Integer> living = new ArrayList<>();
    Deque<Integer> dead = new ArrayDeque<>();
    boolean done = false;
    try {
      watchOrphans(living, dead);
      done = true;
    } finally {
      if (!done) { // an error, such as no memory: whoever comes next goes on with these
        synchronized (orphans) {
          orphans.addAll(living);
          orphans.addAll(dead);
          watching = false;
        }
      }
    }
  }

  private void watchOrphans(List<Integer> living, Deque<Integer> dead) {
    while (true) {
      synchronized (orphans) {
        living.addAll(orphans);
        orphans.clear();
        if (living.isEmpty() && dead.isEmpty()) {
          watching = false;
          return;
        }
      }
      look(living, dead);
      long looked = System.nanoTime();
      while (!dead.isEmpty() && System.nanoTime() - looked < LOOK_EVERY_NANOS) {
        bury(dead.element());
        dead.remove();
      }
      if (dead.isEmpty()) {
        LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
      }
    }
  }

  /// Moves those that have ended, or never came to be, from the living to the dead.
  private void look(List<Integer> living, Deque<Integer> dead) {
    living.removeIf(orphan -> {
      boolean gone = !participants.wasStarted(orphan) || !participants.probe(orphan);
      if (gone) {
        dead.add(orphan);
      }
      return gone;
    });
  }
}
