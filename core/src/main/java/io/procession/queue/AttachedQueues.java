package io.procession.queue;

import io.procession.internal.arena.CellRef;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The queues that this process has at hand: a handle that arrives twice yields the same object.
final class AttachedQueues {
  private static final ConcurrentHashMap<CellRef, Entry> ENTRIES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<SharedQueue<?>> CLEARED = new ReferenceQueue<>();

  private AttachedQueues() {}

  static @Nullable SharedQueue<?> get(CellRef ref) {
    Entry entry = ENTRIES.get(ref);
    SharedQueue<?> queue = entry == null ? null : entry.get();
    return queue != null && queue.isUsable() ? queue : null;
  }

  /// Notes a queue, unless another object for the same ring was faster; returns the one noted.
  static SharedQueue<?> put(SharedQueue<?> queue) {
    expunge();
    Entry entry = new Entry(queue);
    while (true) {
      Entry present = ENTRIES.putIfAbsent(entry.ref, entry);
      SharedQueue<?> other = present == null ? queue : present.get();
      if (other != null && other.isUsable()) {
        return other;
      }
      if (present == null || ENTRIES.replace(entry.ref, present, entry)) {
        return queue;
      }
    }
  }

  private static void expunge() {
    Reference<? extends SharedQueue<?>> cleared = CLEARED.poll();
    while (cleared != null) {
      if (cleared instanceof Entry entry) {
        ENTRIES.remove(entry.ref, entry);
      }
      cleared = CLEARED.poll();
    }
  }

  private static final class Entry extends WeakReference<SharedQueue<?>> {
    final CellRef ref;

    Entry(SharedQueue<?> queue) {
      super(queue, CLEARED);
      this.ref = queue.ref();
    }
  }
}
