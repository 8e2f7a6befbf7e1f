package io.procession.internal.arena;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What dead participants have made for their children alone, such as the rings of a pool's workers, and
/// which of these children are not buried yet.
///
/// Such a child works at it by bare offsets, with no reference that could fail, until the last moment of its
/// own life, which its parent's death ends within a second. So the cells stay as they are until every
/// child that the dead left has been buried: freed before, they would be another's, and the child would
/// write into that.
final class Legacies {
  private final Directory directory;
  private final Map<Integer, Legacy> byDead = new HashMap<>(); // guarded by this

  private static final class Legacy {
    final Set<Integer> children = new HashSet<>();
    final List<Integer> cells = new ArrayList<>();
  }

  Legacies(Directory directory) {
    this.directory = directory;
  }

  /// Notes a child, before it is adopted: who fails after that begins anew, and finds it here.
  synchronized void addChild(int dead, int child) {
    Legacy legacy = byDead.get(dead);
    if (legacy == null) {
      legacy = new Legacy();
      byDead.put(dead, legacy);
    }
    legacy.children.add(child);
  }

  /// The children that a dead one has left.
  synchronized List<Integer> children(int dead) {
    Legacy legacy = byDead.get(dead);
    return legacy == null ? List.of() : new ArrayList<>(legacy.children);
  }

  /// Has a cell, which is this process's by now, stay until the children are buried.
  ///
  /// @return false if there are none: then it is to be freed at once
  synchronized boolean keep(int dead, int cell) {
    Legacy legacy = byDead.get(dead);
    return legacy != null && legacy.cells.add(cell);
  }

  /// Frees what was kept for a child that is buried now, if it was the last.
  void buried(int child) {
    List<Integer> cells = new ArrayList<>();
    synchronized (this) {
      byDead
          .values()
          .removeIf(legacy -> {
            boolean wasLast = legacy.children.remove(child) && legacy.children.isEmpty();
            if (wasLast) {
              cells.addAll(legacy.cells);
            }
            return wasLast;
          });
    }
    for (int cell : cells) {
      directory.scrap(directory.ref(cell));
    }
  }
}
