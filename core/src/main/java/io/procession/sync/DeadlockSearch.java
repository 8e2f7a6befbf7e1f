package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.WaitNotes.Note;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows owner and waits-for over all processes of the session.
final class DeadlockSearch {
  /*
   * Who waits is noted while it waits, before the last look at the lock and until it has it or has
   * given up; a thread that waits gives no lock up. Read the notes, then the owners; if they form a
   * circle, look whether each of its notes is still the same. Then there was a moment, after the
   * owners were read, at which each thread of the circle waited. Could one have had its lock by then?
   * Not when the lock's owner was read, since that was the next in the circle; nor later, since the
   * next one has not given it up. So what is reported was a deadlock, however much went on meanwhile;
   * and one that lasts is found, since nothing of it changes any more.
   */
  private final Session session;
  private final Map<ThreadKey, Note> waits = new HashMap<>();

  /// A thread of the session.
  private record ThreadKey(int participant, long number) {}

  private DeadlockSearch(Session session) {
    this.session = session;
  }

  /// Looks for deadlocks among the locks of a session.
  ///
  /// @return those that there are, each once
  static List<Deadlock> run() {
    return new DeadlockSearch(Session.current()).search();
  }

  private List<Deadlock> search() {
    for (Note note : session.waits().all()) {
      if (session.participants().probe(note.participant())) {
        waits.put(new ThreadKey(note.participant(), note.thread()), note);
      }
    }
    Map<ThreadKey, ThreadKey> holders = new HashMap<>();
    waits.forEach((waiter, note) -> {
      ThreadKey holder = holder(note);
      if (holder != null && waits.containsKey(holder) && !holder.equals(waiter)) {
        holders.put(waiter, holder);
      }
    });
    List<Deadlock> found = new ArrayList<>();
    Set<ThreadKey> done = new HashSet<>();
    for (ThreadKey start : holders.keySet()) {
      List<ThreadKey> path = new ArrayList<>();
      ThreadKey next = start;
      while (next != null && done.add(next)) {
        path.add(next);
        next = holders.get(next);
      }
      int from = next == null ? -1 : path.indexOf(next);
      if (from >= 0) {
        report(path.subList(from, path.size()), found);
      }
    }
    return found;
  }

  private void report(List<ThreadKey> circle, List<Deadlock> found) {
    List<Deadlock.Wait> described = new ArrayList<>();
    for (ThreadKey thread : circle) {
      Note note = waits.get(thread);
      if (note == null || !session.waits().isStillThere(note)) {
        return;
      }
      described.add(
          new Deadlock.Wait(
              session.participants().name(note.participant()),
              session.participants().pid(note.participant()),
              note.name(),
              note.thread(),
              session.directory().name(note.cell())));
    }
    found.add(new Deadlock(described));
  }

  /// Who holds the lock that a thread waits for, if it is one and somebody does.
  private @Nullable ThreadKey holder(Note note) {
    CellRef ref = new CellRef(session.id(), note.cell(), note.generation());
    if (!isLock(ref)) {
      return null;
    }
    LockWord word = LockWord.attach(session, ref);
    int owner = word.owner();
    long thread = word.ownerThread();
    boolean same = word.owner() == owner && word.ownerThread() == thread;
    return owner != 0 && same ? new ThreadKey(owner, thread) : null;
  }

  private boolean isLock(CellRef ref) {
    for (CellKind kind : List.of(CellKind.LOCK, CellKind.REENTRANT_LOCK)) {
      try {
        session.directory().check(ref, kind);
        return true;
      } catch (IllegalStateException e) {
        // gone, or of the other kind
      }
    }
    return false;
  }
}
