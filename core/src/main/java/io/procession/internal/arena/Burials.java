package io.procession.internal.arena;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final long LOOK_EVERY_MILLIS = 10;

  private final Participants participants;
  private final Directory directory;
  private final WaitNotes waits;
  private volatile Consumer<CellRef> heir = object -> {};
  private final Set<Integer> underway = ConcurrentHashMap.newKeySet();
  private final Deque<Integer> orphans = new ArrayDeque<>();
  private boolean watching;

  Burials(Participants participants, Directory directory, WaitNotes waits) {
    this.participants = participants;
    this.directory = directory;
    this.waits = waits;
  }

  /// Names who decides what becomes of objects whose last user is buried here.
  public void setHeir(Consumer<CellRef> newHeir) {
    heir = newHeir;
  }

  /// Tells everybody of a child's death, releases what it held, adopts its children, frees its row.
  ///
  /// Safe to do again after one that did the same has died in the midst. Does nothing if it has been
  /// done, or another thread is at it.
  public void bury(int dead) {
    bury(dead, Ending.UNKNOWN);
  }

  /// As [#bury(int)], by a parent that knows how its child ended.
  public void bury(int dead, Ending ending) {
    if (underway.add(dead)) {
      try {
        if (participants.isOursToBury(dead)) {
          participants.noteEnd(dead, ending);
          release(dead);
        }
      } finally {
        underway.remove(dead);
      }
    }
  }

  private void release(int dead) {
    participants.declareDead(dead);
    waits.release(dead);
    List<CellRef> abandoned = new ArrayList<>();
    if (directory.release(dead, abandoned)) {
      participants.ringAll();
    }
    for (CellRef object : abandoned) {
      heir.accept(object);
    }
    for (int child : participants.childrenOf(dead)) {
      if (participants.adopt(child, dead)) {
        watch(child);
      }
    }
    participants.free(dead);
  }

  private void watch(int orphan) {
    synchronized (orphans) {
      orphans.add(orphan);
      if (!watching) {
        watching = true;
        Thread.ofPlatform().daemon().name("procession-orphans").start(this::watchOrphans);
      }
    }
  }

  /// Orphans are nobody's children that could be waited for: their end shows only when looked for.
  private void watchOrphans() {
    while (true) {
      int orphan;
      synchronized (orphans) {
        if (orphans.isEmpty()) {
          watching = false;
          return;
        }
        orphan = orphans.remove();
      }
      if (!participants.wasStarted(orphan) || !participants.probe(orphan)) {
        bury(orphan);
        continue;
      }
      synchronized (orphans) {
        orphans.add(orphan);
      }
      try {
        Thread.sleep(LOOK_EVERY_MILLIS);
      } catch (InterruptedException e) {
        // nobody interrupts this thread; to look sooner does no harm
      }
    }
  }
}
