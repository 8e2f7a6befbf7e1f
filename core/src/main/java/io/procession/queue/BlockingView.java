package io.procession.queue;

import io.procession.internal.check.Require;
import java.io.Serializable;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A queue that is no collection as a `BlockingQueue` that refuses what such a queue cannot do.
final class BlockingView<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final ProcessQueue<E> queue;

  BlockingView(ProcessQueue<E> queue) {
    this.queue = Require.notNull("queue", queue);
  }

  ProcessQueue<E> queue() {
    return queue;
  }

  @Override
  public void put(E element) throws InterruptedException {
    queue.put(element);
  }

  @Override
  public boolean offer(E element) {
    throw cannot("offer to");
  }

  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) {
    throw cannot("offer to");
  }

  @Override
  public E take() throws InterruptedException {
    return queue.take();
  }

  @Override
  public @Nullable E poll() {
    return queue.poll();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return queue.poll(timeout, unit);
  }

  @Override
  public @Nullable E peek() {
    throw cannot("look into");
  }

  @Override
  public Iterator<E> iterator() {
    throw cannot("look into");
  }

  @Override
  public int size() {
    throw cannot("count");
  }

  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public int remainingCapacity() {
    throw cannot("count");
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  public int drainTo(Collection<? super E> target, int maxElements) {
    if (Require.notNull("target", target) == this) {
      throw new IllegalArgumentException(
          "a queue cannot be drained to itself: queue=" + queue + "; take another collection");
    }
    long most = maxElements <= 0 ? 0 : Math.min(maxElements, present());
    int drained = 0;
    while (drained < most) {
      E element = queue.poll();
      if (element == null) {
        break;
      }
      target.add(element);
      drained++;
    }
    return drained;
  }

  /// How many elements there are now: who drains is not to go on for as long as others put.
  private long present() {
    return switch (queue) {
      case SimpleQueue<E> simple -> simple.core().size();
      case PipeQueue<E> pipe -> pipe.core().size();
      case PosixQueue<E> posix -> posix.size();
      case RingQueue<E> _, BufferedQueue<E> _ -> throw cannot("count"); // they are no views
    };
  }

  @Override
  public void close() {
    queue.close();
  }

  @Override
  public String toString() {
    return queue.toString();
  }

  private UnsupportedOperationException cannot(String what) {
    return new UnsupportedOperationException("nobody can " + what + " this queue: " + queue);
  }
}
