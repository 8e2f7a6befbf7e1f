package io.procession.conformance;

import io.procession.context.Context;
import io.procession.manager.SyncManager;
import io.procession.pool.PoolOptions;
import io.procession.pool.TaskPool;
import io.procession.queue.TaskQueue;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.Struct;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/// What a manager makes: its server's objects, behind proxies of the JDK's interfaces.
final class ManagerWay extends Way {
  private final SyncManager manager;

  ManagerWay(SerializableCallable<Context> there) throws Exception {
    super(there);
    manager = context().manager();
  }

  @Override
  QueryableLock lock() {
    return manager.lock();
  }

  @Override
  QueryableLock reentrantLock() {
    return manager.reentrantLock();
  }

  @Override
  CountingSemaphore semaphore(int permits) {
    return manager.semaphore(permits);
  }

  @Override
  CountingSemaphore boundedSemaphore(int permits) {
    return manager.boundedSemaphore(permits);
  }

  @Override
  LockCondition condition() {
    return manager.condition();
  }

  @Override
  Event event() {
    return manager.event();
  }

  @Override
  Barrier barrier(int parties) {
    return manager.barrier(parties);
  }

  @Override
  Barrier barrier(int parties, SerializableRunnable action) {
    return manager.barrier(parties, action);
  }

  @Override
  <T> Value<T> value(T initial) {
    return manager.value(initial);
  }

  @Override
  <R extends Record> Struct<R> struct(R initial) {
    return manager.struct(initial);
  }

  @Override
  List<Integer> array(List<Integer> elements) {
    return manager.array(elements);
  }

  @Override
  <E> BlockingQueue<E> queue() {
    return manager.queue();
  }

  @Override
  <E> BlockingQueue<E> queue(int capacity) {
    return manager.queue(capacity);
  }

  @Override
  <E> TaskQueue<E> tasks() {
    return manager.joinableQueue();
  }

  @Override
  TaskPool pool(int processes) {
    return manager.pool(processes);
  }

  @Override
  TaskPool pool(PoolOptions options) {
    return manager.pool(options);
  }

  @Override
  void close() throws Exception {
    super.close();
    manager.close();
  }
}
