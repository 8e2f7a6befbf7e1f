package io.procession.examples.managers;

import io.procession.Procession;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// Each way of synchronising, on objects in shared memory and on those of a manager's server: between
/// processes, then between threads in their place. The program is the same.
public final class Synchronisation {
  private static final int PROCESSES = 2;
  private static final int ROUNDS = 20;

  private final Context context;

  private Synchronisation(Context context) {
    this.context = context;
  }

  public static void main(String[] args) throws Exception {
    Context processes = Procession.context("spawn");
    try (var manager = processes.localManager()) {
      System.out.println("processes, shared memory");
      new Synchronisation(processes).show(Kinds.of(manager));
    }
    try (var manager = processes.manager()) {
      System.out.println("processes, manager");
      new Synchronisation(processes).show(Kinds.of(manager));
    }
    Context threads = Procession.dummy();
    try (var manager = threads.localManager()) {
      System.out.println("threads, shared memory");
      new Synchronisation(threads).show(Kinds.of(manager));
    }
    try (var manager = threads.manager()) {
      System.out.println("threads, manager");
      new Synchronisation(threads).show(Kinds.of(manager));
    }
  }

  private void show(Kinds kinds) throws Exception {
    lock(kinds.lock().get(), kinds.counter().get());
    reentrantLock(kinds.reentrantLock().get(), kinds.counter().get());
    condition(kinds.monitor().get(), kinds.counter().get());
    semaphore(kinds);
    event(kinds.event().get(), kinds.queue().get());
    queue(kinds.queue().get(), kinds.queue().get());
  }

  private void lock(Lock lock, Kinds.Counter counter) throws Exception {
    inProcesses(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        lock.lock();
        try {
          counter.add(1); // two steps, which the lock makes one
        } finally {
          lock.unlock();
        }
      }
    });
    System.out.println("  lock: " + counter.get().call());
  }

  private void reentrantLock(Lock lock, Kinds.Counter counter) throws Exception {
    inProcesses(() -> {
      lock.lock();
      try {
        lock.lock(); // again
        try {
          counter.add(10);
        } finally {
          lock.unlock();
        }
      } finally {
        lock.unlock();
      }
    });
    System.out.println("  reentrant lock: " + counter.get().call());
  }

  private void condition(Kinds.Monitor monitor, Kinds.Counter waiting) throws Exception {
    List<JvmProcess> sleepers = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      sleepers.add(
          context.start(() -> {
            monitor.lock().lock();
            try {
              waiting.add(1);
              monitor.condition().signalAll(); // who counts looks again
              while (waiting.get().call() >= 0) {
                monitor.condition().await();
              }
            } finally {
              monitor.lock().unlock();
            }
          }));
    }
    monitor.lock().lock();
    try {
      while (waiting.get().call() < PROCESSES) {
        monitor.condition().await();
      }
      System.out.println("  condition: " + waiting.get().call() + " wait");
      waiting.set().set(-1);
      monitor.condition().signalAll();
    } finally {
      monitor.lock().unlock();
    }
    end(sleepers);
  }

  /// One process more than there are permits, all at a time.
  private void semaphore(Kinds kinds) throws Exception {
    Kinds.Permits permits = kinds.semaphore().apply(PROCESSES);
    Lock lock = kinds.lock().get();
    Kinds.Counter inside = kinds.counter().get();
    Kinds.Counter most = kinds.counter().get();
    Kinds.Flag start = kinds.event().get();
    BlockingQueue<Integer> ready = kinds.queue().get();
    List<JvmProcess> processes = new ArrayList<>();
    for (int i = 0; i <= PROCESSES; i++) {
      processes.add(
          context.start(() -> {
            ready.put(0);
            start.await().run();
            for (int round = 0; round < ROUNDS; round++) {
              permits.acquire().run();
              note(lock, inside, most, 1);
              note(lock, inside, most, -1);
              permits.release().run();
            }
          }));
    }
    for (int i = 0; i <= PROCESSES; i++) {
      ready.take();
    }
    start.set().run();
    end(processes);
    System.out.println("  semaphore: never more than 2: " + (most.get().call() <= PROCESSES));
  }

  private static void note(Lock lock, Kinds.Counter inside, Kinds.Counter most, int change)
      throws Exception {
    lock.lock();
    try {
      inside.add(change);
      most.set().set(Math.max(most.get().call(), inside.get().call()));
    } finally {
      lock.unlock();
    }
  }

  private void event(Kinds.Flag event, BlockingQueue<Integer> said) throws Exception {
    List<JvmProcess> waiting = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      waiting.add(
          context.start(() -> {
            said.put(0);
            event.await().run();
            said.put(-1);
          }));
    }
    for (int i = 0; i < PROCESSES; i++) {
      said.take(); // it is about to wait
    }
    boolean early = said.poll(100, TimeUnit.MILLISECONDS) != null;
    event.set().run();
    end(waiting);
    System.out.println("  event: " + said.size() + " went on, none early: " + !early);
  }

  private void queue(BlockingQueue<Integer> there, BlockingQueue<Integer> back) throws Exception {
    JvmProcess squares =
        context.start(() -> {
          for (int n = there.take(); n >= 0; n = there.take()) {
            back.put(n * n);
          }
        });
    int sum = 0;
    for (int n = 0; n < ROUNDS; n++) {
      there.put(n);
      sum += back.take();
    }
    there.put(-1);
    end(List.of(squares));
    System.out.println("  queue: " + sum);
  }

  private void inProcesses(SerializableRunnable task) throws InterruptedException {
    List<JvmProcess> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(context.start(task));
    }
    end(processes);
  }

  private static void end(List<JvmProcess> processes) throws InterruptedException {
    for (JvmProcess process : processes) {
      process.join();
      if (process.exitCode().orElseThrow() != 0) {
        throw new IllegalStateException("failed: " + process.certificate());
      }
    }
  }
}
