package io.procession.manager;

import java.io.Serializable;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cursor over an iterator.
///
/// An iterator may take long for each element (a generator, say): what has been got within a
/// millisecond is handed over, so that nobody waits for the end of a full batch.
final class ServedCursor implements Cursor {
  private static final long PATIENCE_NANOS = 1_000_000;

  private final Iterator<?> elements;

  /// Got from the iterator, and not handed over or given back. Guarded by this.
  private final ArrayDeque<Got> ahead = new ArrayDeque<>();

  /// What the iterator threw after elements that were to be handed over first.
  private @Nullable RuntimeException failure; // guarded by this

  private record Got(@Nullable Object element) {}

  ServedCursor(Iterator<?> elements) {
    this.elements = elements;
  }

  @Override
  public synchronized List<@Nullable Object> fetch(int most) {
    if (ahead.isEmpty()) {
      throwFailure();
    }
    List<@Nullable Object> batch = new ArrayList<>();
    Portion portion = new Portion();
    long start = System.nanoTime();
    try {
      while (batch.size() < most && (!ahead.isEmpty() || (failure == null && elements.hasNext()))) {
        if (ahead.isEmpty()) {
          ahead.add(new Got(sendable(elements.next())));
        }
        if (!portion.takes(ahead.getFirst().element)) {
          break;
        }
        batch.add(ahead.removeFirst().element);
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          break;
        }
      }
    } catch (RuntimeException e) {
      failure = e;
      if (batch.isEmpty()) {
        throwFailure();
      }
    }
    return batch;
  }

  @Override
  public synchronized void giveBack(List<@Nullable Object> rest) {
    List<@Nullable Object> backwards = new ArrayList<>(rest);
    Collections.reverse(backwards);
    for (Object element : backwards) {
      ahead.addFirst(new Got(element));
    }
  }

  private void throwFailure() {
    RuntimeException thrown = failure;
    failure = null;
    if (thrown != null) {
      throw thrown;
    }
  }

  /// What can be sent of an element: entries of most maps cannot be by themselves.
  private static @Nullable Object sendable(@Nullable Object element) {
    return element instanceof Map.Entry<?, ?> entry && !(entry instanceof Serializable)
        ? new SimpleEntry<>(entry.getKey(), entry.getValue())
        : element;
  }
}
