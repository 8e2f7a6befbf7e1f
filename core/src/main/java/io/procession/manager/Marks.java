package io.procession.manager;

import java.io.Serializable;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Numbers of objects: two objects with one number are the same object. An object keeps its number as
/// long as it lives or until it is forgotten, and no other gets it later. Its monitor guards it.
///
/// So who was sent a copy of an object can say later which one it was a copy of, without the object being
/// kept for that.
final class Marks implements Serializable {
  /// The number of nothing.
  static final long NONE = 0;

  private static final long serialVersionUID = 1L;

  private final transient Map<Mark, Mark> marks = new HashMap<>();
  private final transient ReferenceQueue<Object> gone = new ReferenceQueue<>();
  private transient long last = NONE;

  private static final class Mark extends WeakReference<Object> {
    private final int hash;
    private final long number;

    Mark(Object object, long number, @Nullable ReferenceQueue<Object> gone) {
      super(object, gone);
      this.hash = System.identityHashCode(object);
      this.number = number;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that is what it is for
    public boolean equals(@Nullable Object other) {
      if (other == this) {
        return true;
      }
      Object object = get();
      return object != null && other instanceof Mark mark && mark.get() == object;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /// The number of an object, which gets one if it has none.
  synchronized long of(Object object) {
    sweep();
    Mark mark = new Mark(object, last + 1, gone);
    Mark known = marks.putIfAbsent(mark, mark);
    if (known != null) {
      return known.number;
    }
    last++;
    return last;
  }

  /// An object may have changed: it gets another number.
  synchronized void forget(Object object) {
    sweep();
    marks.remove(new Mark(object, NONE, null));
  }

  private void sweep() {
    for (Reference<?> dead = gone.poll(); dead != null; dead = gone.poll()) {
      marks.remove(dead);
    }
  }

  /// Whether an object has a number.
  synchronized boolean has(Object object, long number) {
    sweep();
    Mark known = marks.get(new Mark(object, NONE, null));
    return known != null && known.number == number;
  }

  /// How many objects have one, but for those that are known to be gone.
  synchronized int count() {
    return marks.size();
  }

  /// Numbers mean nothing elsewhere.
  private Object readResolve() {
    return new Marks();
  }
}
