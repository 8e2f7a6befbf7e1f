package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue at the server, of which it is counted what was put and what is done with.
///
/// Its monitor guards the count. An element is counted before it can be taken. One that is removed without
/// being taken is done with: nobody else will say so.
final class ServedQueue<E> extends LinkedBlockingQueue<E> implements QueueCalls<E> {
  private static final long serialVersionUID = 1L;

  private long unfinished;

  ServedQueue(int capacity) {
    super(Require.positive("capacity", capacity));
  }

  @Override
  public void put(E element) throws InterruptedException {
    count(1);
    boolean done = false;
    try {
      super.put(element);
      done = true;
    } finally {
      if (!done) {
        count(-1);
      }
    }
  }

  @Override
  public boolean offer(E element) {
    count(1);
    boolean done = false;
    try {
      done = super.offer(element);
      return done;
    } finally {
      if (!done) {
        count(-1);
      }
    }
  }

  @Override
  public boolean offer(E element, long time, TimeUnit unit) throws InterruptedException {
    count(1);
    boolean done = false;
    try {
      done = super.offer(element, time, unit);
      return done;
    } finally {
      if (!done) {
        count(-1);
      }
    }
  }

  @Override
  public List<E> drain(int most) {
    List<E> taken = new ArrayList<>();
    int there = Math.min(most, size()); // others may add for as long as one takes
    Portion portion = new Portion();
    for (E next = peek(); taken.size() < there && next != null && portion.takes(next); ) {
      E element = poll(); // another one, if somebody was faster: a guess of its length is enough
      if (element != null) {
        taken.add(element);
      }
      next = peek();
    }
    return taken;
  }

  @Override
  public Cursor cursor() {
    return new ServedCursor(iterator());
  }

  @Override
  public boolean remove(@Nullable Object element) {
    boolean isRemoved = super.remove(element);
    if (isRemoved) {
      count(-1);
    }
    return isRemoved;
  }

  @Override
  public void clear() {
    int most = size();
    count(-super.drainTo(new ArrayList<>(most)));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return removeEach(filter);
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return removeEach(elements::contains);
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return removeEach(element -> !elements.contains(element));
  }

  /// One by one, since it has to be known how many were still there.
  private boolean removeEach(Predicate<? super E> filter) {
    boolean isAny = false;
    for (E element : this) {
      isAny |= filter.test(element) && remove(element);
    }
    return isAny;
  }

  private synchronized void count(int more) {
    unfinished = Math.max(0, unfinished + more); // taskDone may have been called for others
    if (unfinished == 0) {
      notifyAll();
    }
  }

  @Override
  public synchronized void taskDone() {
    if (unfinished == 0) {
      throw new IllegalStateException(
          "taskDone was called more often than elements were put: unfinished=0; call it once for"
              + " each taken");
    }
    count(-1);
  }

  @Override
  public synchronized void join() throws InterruptedException {
    while (unfinished > 0) {
      wait();
    }
  }

  @Override
  public synchronized boolean join(Duration limit) throws InterruptedException {
    long deadline = Until.after(limit);
    while (unfinished > 0) {
      long left = Until.nanosLeft(deadline);
      if (left == 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  @Override
  public synchronized long unfinishedTasks() {
    return unfinished;
  }
}
