package io.procession.queue;

import io.procession.internal.ring.RingScan;
import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The elements of a queue, looked at where they are: searching, iterating, showing.
final class QueueElements<E> {
  /// What is said of a null.
  static final String NO_NULL =
      "a queue takes no null: element=null; put a value of your own that stands for nothing";

  /// Elements that are shown: a queue may have millions.
  private static final int MOST_SHOWN = 32;

  private final QueueCore<E> core;

  QueueElements(QueueCore<E> core) {
    this.core = core;
  }

  @Nullable E first() {
    try {
      RingScan.Found first = core.scan().next(1);
      return first == null ? null : core.decode(first.bytes());
    } finally {
      Reference.reachabilityFence(core);
    }
  }

  boolean contains(Object element) {
    return find(element) != null;
  }

  /// Removes the first that is equal.
  boolean remove(Object element) {
    RingScan.Found found = find(element);
    while (found != null && !core.remove(found)) {
      found = find(element);
    }
    return found != null;
  }

  private RingScan.@Nullable Found find(Object element) {
    try {
      RingScan scan = core.scan();
      RingScan.Found found = scan.next();
      while (found != null && !element.equals(core.decode(found.bytes()))) {
        found = scan.next();
      }
      return found;
    } finally {
      Reference.reachabilityFence(core);
    }
  }

  Iterator<E> iterator() {
    return new Elements<>(core);
  }

  /// The first elements, and how many more there are.
  ///
  /// @param self the queue itself, which may be among them
  String shown(Object self) {
    try {
      return core.isUsable() ? list(self) : core.name() + " (closed)";
    } catch (IllegalStateException e) {
      return core.name() + " (closed)"; // meanwhile
    }
  }

  private String list(Object self) {
    var text = new StringJoiner(", ", "[", "]");
    RingScan scan = core.scan();
    int shown = 0;
    for (RingScan.Found found = scan.next(); found != null; found = scan.next()) {
      if (shown == MOST_SHOWN) {
        return text.add("and " + (core.size() - shown) + " more").toString();
      }
      text.add(shown(found, self));
      shown++;
    }
    return text.toString();
  }

  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  private String shown(RingScan.Found found, Object self) {
    try {
      E element = core.decode(found.bytes());
      return element == self ? "(this Collection)" : String.valueOf(element);
    } catch (RuntimeException e) {
      return "(unreadable here: " + e + ")";
    }
  }

  private static final class Elements<E> implements Iterator<E> {
    private final QueueCore<E> core;
    private final RingScan scan;
    private RingScan.@Nullable Found next;
    private RingScan.@Nullable Found last;

    Elements(QueueCore<E> core) {
      this.core = core;
      this.scan = core.scan();
      this.next = scan.next();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public E next() {
      RingScan.Found found = next;
      if (found == null) {
        throw new NoSuchElementException();
      }
      E element = core.decode(found.bytes());
      last = found;
      next = scan.next();
      return element;
    }

    @Override
    public void remove() {
      RingScan.Found found = last;
      if (found == null) {
        throw new IllegalStateException("next has not been called since the last remove");
      }
      last = null;
      boolean _ = core.remove(found);
    }
  }
}
