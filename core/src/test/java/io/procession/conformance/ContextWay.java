package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;

/// What a context makes.
final class ContextWay extends Way {
  ContextWay(SerializableCallable<Context> there) throws Exception {
    super(there);
  }

  @Override
  Lock lock() {
    SharedLock lock = context().lock();
    return made(lock, lock::destroy);
  }

  @Override
  Lock reentrantLock() {
    SharedReentrantLock lock = context().reentrantLock();
    return made(lock, lock::destroy);
  }

  @Override
  Permits semaphore(int permits) {
    return permits(context().semaphore(permits));
  }

  @Override
  Permits boundedSemaphore(int permits) {
    return permits(context().boundedSemaphore(permits));
  }

  private Permits permits(SharedSemaphore semaphore) {
    return new Permits.Shared(made(semaphore, semaphore::destroy));
  }

  @Override
  Turn condition() {
    SharedCondition condition = context().condition();
    return new Turn(made(condition, condition::destroy), condition.lock());
  }

  @Override
  Flag event() {
    SharedEvent event = context().event();
    return new Flag.Shared(made(event, event::destroy));
  }

  @Override
  Meeting barrier(int parties) {
    return meeting(context().barrier(parties));
  }

  @Override
  Meeting barrier(int parties, SerializableRunnable action) {
    return meeting(context().barrier(parties, action));
  }

  private Meeting meeting(SharedBarrier barrier) {
    return new Meeting.Shared(made(barrier, barrier::destroy));
  }

  @Override
  <T> Cell<T> value(T initial) {
    SharedValue<T> value = context().value(initial);
    return new Cell.Value<>(made(value, value::destroy));
  }

  @Override
  <R extends Record> Cell<R> struct(R initial) {
    SharedStruct<R> struct = context().struct(initial);
    return new Cell.Struct<>(made(struct, struct::destroy));
  }

  @Override
  Numbers array(List<Integer> elements) {
    SharedArray<Integer> array = context().array(ElementType.INT, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      array.setInt(i, elements.get(i));
    }
    return new Numbers.Shared(made(array, array::destroy));
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
  <E> Tasks<E> tasks() {
    var queue = context().<E>joinableQueue();
    return new Tasks.Shared<>(made(queue, queue::destroy));
  }

  @Override
  Workers pool(int processes) {
    return new Workers.Processes(context().pool(processes));
  }
}
