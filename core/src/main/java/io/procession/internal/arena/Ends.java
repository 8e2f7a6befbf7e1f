package io.procession.internal.arena;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is to end in this process with an object, of those that are still reachable. Guarded by its owner.
///
/// @param <T> what ends
final class Ends<T> {
  private final Map<CellRef, Known<T>> byObject = new HashMap<>();

  private static final class Known<T> {
    final List<WeakReference<T>> all = new ArrayList<>();
    int full = 16;
  }

  void add(CellRef ref, T one) {
    Known<T> known = byObject.get(ref);
    if (known == null) {
      known = new Known<>();
      byObject.put(ref, known);
    }
    if (known.all.size() >= known.full) { // the same object may arrive a million times
      known.all.removeIf(each -> each.get() == null);
      known.full = Math.max(16, 2 * known.all.size());
    }
    known.all.add(new WeakReference<>(one));
  }

  /// Those that are still reachable.
  List<T> get(CellRef ref) {
    List<T> living = new ArrayList<>();
    Known<T> known = byObject.get(ref);
    if (known != null) {
      for (WeakReference<T> each : known.all) {
        T one = each.get();
        if (one != null) {
          living.add(one);
        }
      }
    }
    return living;
  }

  /// How many are kept for an object, reachable or not.
  int kept(CellRef ref) {
    Known<T> known = byObject.get(ref);
    return known == null ? 0 : known.all.size();
  }

  void remove(CellRef ref) {
    byObject.remove(ref);
  }
}
