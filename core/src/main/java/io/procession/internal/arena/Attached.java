package io.procession.internal.arena;

import io.procession.internal.posix.LocalProcess;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The objects of one kind that this process has at hand: what arrives twice is one object. It keeps
/// none of them from being collected.
///
/// @param <K> what names the shared object
/// @param <V> what stands for it in this JVM
public abstract class Attached<K, V> {
  private final ConcurrentHashMap<K, Entry<K, V>> ofJvm = new ConcurrentHashMap<>();
  private final ReferenceQueue<V> cleared = new ReferenceQueue<>();

  /// Whether an object can still stand for the shared one; else the next arrival makes another.
  protected abstract boolean isUsable(V value);

  /// The object at hand, or null.
  public final @Nullable V get(K key) {
    Entry<K, V> entry = entries().get(key);
    V value = entry == null ? null : entry.get();
    return value != null && isUsable(value) ? value : null;
  }

  /// Notes an object, unless another for the same shared one was faster; returns the one noted.
  public final V put(K key, V value) {
    expunge();
    ConcurrentHashMap<K, Entry<K, V>> entries = entries();
    Entry<K, V> entry = new Entry<>(key, value, entries, cleared);
    while (true) {
      Entry<K, V> present = entries.putIfAbsent(key, entry);
      V other = present == null ? value : present.get();
      if (other != null && (present == null || isUsable(other))) {
        return other;
      }
      if (present != null && entries.replace(key, present, entry)) {
        return value;
      }
    }
  }

  private ConcurrentHashMap<K, Entry<K, V>> entries() {
    LocalProcess here = LocalProcess.current();
    return here == null ? ofJvm : here.own(this, ConcurrentHashMap::new);
  }

  private void expunge() {
    Reference<? extends V> reference = cleared.poll();
    while (reference != null) {
      if (reference instanceof Entry<?, ?> entry) {
        entry.remove();
      }
      reference = cleared.poll();
    }
  }

  private static final class Entry<K, V> extends WeakReference<V> {
    private final K key;
    private final ConcurrentHashMap<K, Entry<K, V>> among;

    Entry(K key, V value, ConcurrentHashMap<K, Entry<K, V>> among, ReferenceQueue<V> cleared) {
      super(value, cleared);
      this.key = key;
      this.among = among;
    }

    void remove() {
      among.remove(key, this);
    }
  }
}
