package io.procession.internal.remote;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Objects that nobody holds, but that may lie in others: what they were, by the objects themselves,
/// as long as those are reachable. Guarded by the table that has it.
final class Parked {
  private final Map<Key, Was> known = new HashMap<>();
  private final ReferenceQueue<Object> unreachable = new ReferenceQueue<>();

  private record Was(String ident, Kind kind) {}

  void add(ServedObject object) {
    sweep();
    known.put(new Key(object.referent(), unreachable), new Was(object.ident(), object.kind()));
  }

  /// What an object was, which it is no more here.
  @Nullable ServedObject remove(Object referent) {
    sweep();
    Was was = known.isEmpty() ? null : known.remove(new Key(referent, null));
    return was == null ? null : new ServedObject(was.ident, was.kind, referent);
  }

  boolean has(Object referent) {
    sweep();
    return !known.isEmpty() && known.containsKey(new Key(referent, null));
  }

  private void sweep() {
    for (Object key = unreachable.poll(); key != null; key = unreachable.poll()) {
      known.remove(key);
    }
  }

  /// Equal to another of the same object, and to itself when that is gone.
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object referent, @Nullable ReferenceQueue<Object> queue) {
      super(referent, queue);
      this.hash = System.identityHashCode(referent);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      Object referent = get();
      return other instanceof Key that && referent != null && that.refersTo(referent);
    }
  }
}
