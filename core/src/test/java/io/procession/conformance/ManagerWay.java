package io.procession.conformance;

import io.procession.context.Context;
import io.procession.manager.ManagedCondition;
import io.procession.manager.SyncManager;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;

/// What a manager makes: its server's objects, behind proxies of the JDK's interfaces.
final class ManagerWay extends Way {
  private final SyncManager manager;

  ManagerWay(SerializableCallable<Context> there) throws Exception {
    super(there);
    manager = context().manager();
  }

  @Override
  Lock lock() {
    return manager.lock();
  }

  @Override
  Lock reentrantLock() {
    return manager.reentrantLock();
  }

  @Override
  Permits semaphore(int permits) {
    return new Permits.Managed(manager.semaphore(permits));
  }

  @Override
  Permits boundedSemaphore(int permits) {
    return new Permits.Managed(manager.boundedSemaphore(permits));
  }

  @Override
  Turn condition() {
    ManagedCondition condition = manager.condition();
    return new Turn(condition, condition.lock());
  }

  @Override
  Flag event() {
    return new Flag.Managed(manager.event());
  }

  @Override
  Meeting barrier(int parties) {
    return new Meeting.Managed(manager.barrier(parties));
  }

  @Override
  Meeting barrier(int parties, SerializableRunnable action) {
    return new Meeting.Managed(manager.barrier(parties, action));
  }

  @Override
  <T> Cell<T> value(T initial) {
    return new Cell.Managed<>(manager.value(initial));
  }

  @Override
  <R extends Record> Cell<R> struct(R initial) {
    return new Cell.Managed<>(manager.struct(initial));
  }

  @Override
  Numbers array(List<Integer> elements) {
    return new Numbers.Managed(manager.array(elements));
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
  <E> Tasks<E> tasks() {
    return new Tasks.Managed<>(manager.joinableQueue());
  }

  @Override
  Workers pool(int processes) {
    return new Workers.Managed(manager.pool(processes));
  }

  @Override
  void close() throws Exception {
    super.close();
    manager.close();
  }
}
