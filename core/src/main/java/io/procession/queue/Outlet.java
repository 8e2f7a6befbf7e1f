package io.procession.queue;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.BlockingQueue;

/// Where a [Sender] sends: a queue, whose elements are made ready by the caller of `put` and sent later.
///
/// @param <E> the type of the elements
interface Outlet<E> {
  /// Makes an element ready, so that nothing about the element itself can fail later.
  Object prepare(E element);

  /// How many bytes it is, as far as that is known.
  int bytes(Object prepared);

  /// Sends what was prepared, in its order, waiting for room.
  void send(List<Object> prepared) throws InterruptedException;

  /// The outlet that leads to a queue.
  static <E> Outlet<E> to(BlockingQueue<E> queue) {
    return switch (queue) {
      case RingQueue<E> ring -> ring.core();
      case BlockingView<E> view when view.queue() instanceof SimpleQueue<E> simple -> simple.core();
      case BlockingView<E> view when view.queue() instanceof PipeQueue<E> pipe -> pipe.core();
      case BlockingView<E> view when view.queue() instanceof PosixQueue<E> posix -> posix.outlet();
      default -> new ToAny<>(queue);
    };
  }

  /// To a queue that is none of ours: elements are sent as they are.
  record ToAny<E>(BlockingQueue<E> queue) implements Outlet<E> {
    @Override
    public Object prepare(E element) {
      return requireNonNull(element, QueueElements.NO_NULL);
    }

    @Override
    public int bytes(Object prepared) {
      return 0;
    }

    @Override
    @SuppressWarnings("unchecked") // prepare gave it
    public void send(List<Object> prepared) throws InterruptedException {
      for (Object element : prepared) {
        queue.put((E) element);
      }
    }
  }
}
