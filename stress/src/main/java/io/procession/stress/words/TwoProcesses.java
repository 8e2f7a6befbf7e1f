package io.procession.stress.words;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.ModelArena;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.AsymmetricFence;
import java.util.ArrayDeque;
import java.util.Deque;

/// An arena as two of its participants see it. The memory is mapped as a session's, and all that is
/// done in it goes through the classes that processes use; only sleep is the [Kernel]'s.
public final class TwoProcesses {
  private static final ModelArena ARENA = new ModelArena(new Kernel());

  private static final int MOST_KEPT = 16;
  private static final Deque<Runnable> GIVE_BACK = new ArrayDeque<>();

  /// One participant.
  public static final Session FIRST = ARENA.root();

  /// The other.
  public static final Session SECOND = ARENA.enroll("second");

  /// One that was killed before anything else happened.
  public static final Session DEAD = dead();

  static {
    AsymmetricFence.register(); // as a session's first process does
  }

  private TwoProcesses() {}

  /// Makes a cell, which is zero, for an object of both.
  public static CellRef cell(CellKind kind) {
    return FIRST.directory().ref(FIRST.directory().allocate(kind, "tried"));
  }

  /// As [#cell], for those who cannot say when they are done: it is given back when some more have been
  /// made.
  public static CellRef cellForAWhile(CellKind kind) {
    CellRef made = cell(kind);
    giveBackLater(() -> free(made));
    return made;
  }

  static void giveBackLater(Runnable giveBack) {
    synchronized (GIVE_BACK) {
      GIVE_BACK.add(giveBack);
      if (GIVE_BACK.size() > MOST_KEPT) {
        GIVE_BACK.remove().run();
      }
    }
  }

  /// Gives a cell back.
  public static void free(CellRef ref) {
    boolean freed = FIRST.directory().free(ref);
    if (!freed) {
      throw new AssertionError("a cell is freed once: cell=" + ref.cell());
    }
  }

  private static Session dead() {
    Session dead = ARENA.enroll("dead");
    FIRST.participants().declareDead(dead.self());
    return dead;
  }
}
