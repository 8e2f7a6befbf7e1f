package io.procession.queue;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A queue that is no collection: it can neither be looked into nor counted.
///
/// @param <E> the type of the elements
interface Narrow<E> extends Serializable, AutoCloseable {
  String name();

  void put(E element) throws InterruptedException;

  E take() throws InterruptedException;

  @Nullable E poll();

  @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException;

  boolean isEmpty();

  @Override
  void close();
}
