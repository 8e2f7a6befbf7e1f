package io.procession.conformance;

import io.procession.context.Context;
import io.procession.pool.PoolOptions;
import io.procession.pool.TaskPool;
import io.procession.queue.TaskQueue;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import io.procession.shared.Struct;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/// What a context makes.
final class ContextWay extends Way {
  ContextWay(SerializableCallable<Context> there) throws Exception {
    super(there);
  }

  @Override
  QueryableLock lock() {
    SharedLock lock = context().lock();
    return made(lock, lock::destroy);
  }

  @Override
  QueryableLock reentrantLock() {
    SharedReentrantLock lock = context().reentrantLock();
    return made(lock, lock::destroy);
  }

  @Override
  CountingSemaphore semaphore(int permits) {
    SharedSemaphore semaphore = context().semaphore(permits);
    return made(semaphore, semaphore::destroy);
  }

  @Override
  CountingSemaphore boundedSemaphore(int permits) {
    SharedSemaphore semaphore = context().boundedSemaphore(permits);
    return made(semaphore, semaphore::destroy);
  }

  @Override
  LockCondition condition() {
    SharedCondition condition = context().condition();
    return made(condition, condition::destroy);
  }

  @Override
  Event event() {
    SharedEvent event = context().event();
    return made(event, event::destroy);
  }

  @Override
  Barrier barrier(int parties) {
    return made(context().barrier(parties));
  }

  @Override
  Barrier barrier(int parties, SerializableRunnable action) {
    return made(context().barrier(parties, action));
  }

  private Barrier made(SharedBarrier barrier) {
    return made(barrier, barrier::destroy);
  }

  @Override
  <T> Value<T> value(T initial) {
    SharedValue<T> value = context().value(initial);
    return made(value, value::destroy);
  }

  @Override
  <R extends Record> Struct<R> struct(R initial) {
    SharedStruct<R> struct = context().struct(initial);
    return made(struct, struct::destroy);
  }

  @Override
  List<Integer> array(List<Integer> elements) {
    SharedArray<Integer> array = context().array(ElementType.INT, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      array.setInt(i, elements.get(i));
    }
    return made(array, array::destroy).asList();
  }

  @Override
  <E> BlockingQueue<E> queue() {
    var queue = context().<E>queue();
    return made(queue, queue::destroy);
  }

  @Override
  <E> BlockingQueue<E> queue(int capacity) {
    var queue = context().<E>queue(capacity);
    return made(queue, queue::destroy);
  }

  @Override
  <E> TaskQueue<E> tasks() {
    var queue = context().<E>joinableQueue();
    return made(queue, queue::destroy);
  }

  @Override
  TaskPool pool(int processes) {
    return context().pool(processes);
  }

  @Override
  TaskPool pool(PoolOptions options) {
    return context().pool(options);
  }
}
