package io.procession.manager;

import io.procession.internal.posix.Interruption;
import io.procession.internal.remote.Remote;
import io.procession.internal.remote.RemoteReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Goes over what a cursor at the server has, in batches that grow.
@SuppressWarnings({"unchecked", "NullAway"}) // the elements are what their users say they are
final class CursorIterator implements Iterator<Object> {
  private static final int MOST = 512;

  private final RemoteReference cursor;
  private final boolean waits;
  private List<Object> batch = List.of();
  private int next;
  private int most = 1;
  private boolean isAtEnd;

  /// Goes over what a collection at the server has: fetched at once if it is little.
  static Iterator<Object> over(RemoteReference collection) {
    List<Object> few = (List<Object>) collection.call("few", MOST);
    return few != null ? few.iterator() : overCursor(collection);
  }

  /// Goes over what a collection at the server has, however much it is.
  static Iterator<Object> overCursor(RemoteReference collection) {
    return new CursorIterator(((Remote) collection.call("cursor")).reference(), false);
  }

  /// @param waits whether elements may still have to be made: then an interrupt ends the wait
  CursorIterator(RemoteReference cursor, boolean waits) {
    this.cursor = cursor;
    this.waits = waits;
  }

  @Override
  public boolean hasNext() {
    if (next == batch.size() && !isAtEnd) {
      batch = fetch();
      next = 0;
      most = Math.min(MOST, 2 * most);
      isAtEnd = batch.isEmpty();
    }
    return next < batch.size();
  }

  private List<Object> fetch() {
    if (!waits) {
      return (List<Object>) cursor.call("fetch", most);
    }
    try {
      return (List<Object>) cursor.callInterruptibly("fetch", most);
    } catch (InterruptedException e) {
      throw Interruption.cancelled("interrupted while waiting for an element: " + cursor, e);
    }
  }

  /// Leaves what was fetched and is still to come to others.
  void giveBack() {
    if (next < batch.size()) {
      cursor.call("giveBack", new ArrayList<>(batch.subList(next, batch.size())));
    }
    batch = List.of();
    next = 0;
    isAtEnd = false;
  }

  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException("at the end");
    }
    return batch.get(next++);
  }
}
