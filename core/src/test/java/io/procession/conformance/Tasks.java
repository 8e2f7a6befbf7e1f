package io.procession.conformance;

import io.procession.manager.ManagedJoinableQueue;
import io.procession.queue.JoinableQueue;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/// A queue of any way of running whose elements are done some time after they were taken.
interface Tasks<E> extends Serializable {
  BlockingQueue<E> queue();

  void taskDone();

  boolean join(Duration limit) throws InterruptedException;

  record Shared<E>(JoinableQueue<E> queue) implements Tasks<E> {
    @Override
    public void taskDone() {
      queue.taskDone();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return queue.join(limit);
    }
  }

  record Managed<E>(ManagedJoinableQueue<E> queue) implements Tasks<E> {
    @Override
    public void taskDone() {
      queue.taskDone();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return queue.join(limit);
    }
  }
}
