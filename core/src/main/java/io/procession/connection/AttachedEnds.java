package io.procession.connection;

import io.procession.internal.arena.CellRef;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The ends of pipes that this process has at hand: an end that arrives twice is one connection, since
/// the process counts as its user once.
final class AttachedEnds {
  private static final ConcurrentHashMap<Key, Entry> ENTRIES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Connection> CLEARED = new ReferenceQueue<>();

  private AttachedEnds() {}

  /// Compared by hand: what a record gets by itself is spun at the first call, in a young child.
  private record Key(CellRef ref, End end) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && ref.equals(key.ref) && end == key.end;
    }

    @Override
    public int hashCode() {
      return ref.hashCode() * 31 + end.hashCode();
    }
  }

  static @Nullable Connection get(CellRef ref, End end) {
    Entry entry = ENTRIES.get(new Key(ref, end));
    Connection connection = entry == null ? null : entry.get();
    return connection != null && !connection.isClosed() ? connection : null;
  }

  /// Notes a connection, unless another object for the same end was faster; returns the one noted.
  static Connection put(CellRef ref, End end, Connection connection) {
    expunge();
    Entry entry = new Entry(new Key(ref, end), connection);
    while (true) {
      Entry present = ENTRIES.putIfAbsent(entry.key, entry);
      Connection other = present == null ? connection : present.get();
      if (other != null && !other.isClosed()) {
        return other;
      }
      if (present != null && ENTRIES.replace(entry.key, present, entry)) {
        return connection;
      }
    }
  }

  private static void expunge() {
    Reference<? extends Connection> cleared = CLEARED.poll();
    while (cleared != null) {
      if (cleared instanceof Entry entry) {
        ENTRIES.remove(entry.key, entry);
      }
      cleared = CLEARED.poll();
    }
  }

  private static final class Entry extends WeakReference<Connection> {
    final Key key;

    Entry(Key key, Connection connection) {
      super(connection, CLEARED);
      this.key = key;
    }
  }
}
