package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.process.RemoteCallException;
import io.procession.queue.TaskQueue;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue of a manager. Waits happen at the server; an interrupt of the waiting thread ends them there,
/// and an element that came at the same moment is returned, with the thread still interrupted.
@SuppressWarnings({"unchecked", "NullAway"}) // the elements are what their users say they are
final class QueueProxy<E> extends AbstractQueue<E> implements TaskQueue<E>, Departing {
  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;

  QueueProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    return remote.departing();
  }

  @Override
  public void put(E element) throws InterruptedException {
    remote.callInterruptibly("put", Require.notNull("element", element));
  }

  @Override
  public boolean offer(E element) {
    return (boolean) remote.call("offer", Require.notNull("element", element));
  }

  @Override
  public boolean offer(E element, long time, TimeUnit unit) throws InterruptedException {
    Require.notNull("element", element);
    return (boolean) remote.callInterruptibly("offer", element, time, unit);
  }

  @Override
  public E take() throws InterruptedException {
    return (E) remote.callInterruptibly("take");
  }

  @Override
  public E poll() {
    return (E) remote.call("poll");
  }

  @Override
  public E poll(long time, TimeUnit unit) throws InterruptedException {
    return (E) remote.callInterruptibly("poll", time, unit);
  }

  @Override
  public E peek() {
    return (E) remote.call("peek");
  }

  @Override
  public int size() {
    return (int) remote.call("size");
  }

  @Override
  public int remainingCapacity() {
    return (int) remote.call("remainingCapacity");
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return (boolean) remote.call("contains", element);
  }

  @Override
  public boolean remove(@Nullable Object element) {
    return (boolean) remote.call("remove", element);
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    if (elements instanceof QueueProxy<?> that && that.remote.equals(remote)) {
      throw new IllegalArgumentException(
          "a queue cannot be added to itself: queue=" + remote + "; take a copy of its elements");
    }
    return (boolean) remote.call("addAll", new ArrayList<>(elements));
  }

  @Override
  public boolean containsAll(Collection<?> elements) {
    return (boolean) remote.call("containsAll", new ArrayList<>(elements));
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return (boolean) remote.call("removeAll", new ArrayList<>(elements));
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return (boolean) remote.call("retainAll", new ArrayList<>(elements));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return remote.runs(filter) ? (boolean) remote.call("removeIf", filter) : super.removeIf(filter);
  }

  @Override
  public void clear() {
    remote.call("clear");
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super E> target, int most) {
    Require.notNull("target", target);
    if (target instanceof QueueProxy<?> that && that.remote.equals(remote)) {
      throw new IllegalArgumentException(
          "a queue cannot be drained to itself: queue=" + remote + "; take another collection");
    }
    if (most <= 0) {
      return 0;
    }
    int count = drainPart(target, most);
    int left = remote.isLocal() || count == 0 ? 0 : Math.min(most - count, size());
    while (left > 0) { // of another session, whose messages have a greatest length
      int more = drainPart(target, left);
      count += more;
      left = more == 0 ? 0 : left - more;
    }
    return count;
  }

  private int drainPart(Collection<? super E> target, int most) {
    List<E> taken = (List<E>) remote.call("drain", most);
    target.addAll(taken);
    return taken.size();
  }

  @Override
  public void taskDone() {
    remote.call("taskDone");
  }

  @Override
  public void join() throws InterruptedException {
    remote.callInterruptibly("join");
  }

  @Override
  public boolean join(Duration limit) throws InterruptedException {
    return (boolean) remote.callInterruptibly("join", limit);
  }

  @Override
  public long unfinishedTasks() {
    return (long) remote.call("unfinishedTasks");
  }

  @Override
  public Object[] toArray() {
    try {
      return (Object[]) remote.call("toArray");
    } catch (RemoteCallException e) {
      if (!RemoteReference.isTooLong(e)) {
        throw e;
      }
    }
    List<Object> all = new ArrayList<>();
    CursorIterator.overCursor(remote).forEachRemaining(all::add);
    return all.toArray();
  }

  @Override
  public <T> T[] toArray(T[] target) {
    return Arrays.asList((T[]) toArray()).toArray(target);
  }

  /// Goes over what was there at first.
  @Override
  public Iterator<E> iterator() {
    return new RemovingIterator<>(this, Arrays.asList(toArray()).iterator());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QueueProxy<?> that && that.remote.equals(remote);
  }

  @Override
  public int hashCode() {
    return remote.hashCode();
  }

  @Override
  public String toString() {
    return remote.describe();
  }
}
