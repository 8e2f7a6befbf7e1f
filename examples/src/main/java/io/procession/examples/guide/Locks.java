package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import java.util.concurrent.TimeUnit;

/// Locks of processes.
public final class Locks {
  private Locks() {}

  public static void main(String[] args) throws Exception {
    Part.of("counting", Locks::counting);
    Part.of("refusals", Locks::refusals);
    Part.of("reentrant", Locks::reentrant);
    Part.of("limits", Locks::limits);
    Part.of("virtual", Locks::virtualThreads);
  }

  private static void counting() throws InterruptedException {
    // [counting]
    var lock = Procession.lock();
    var balance = Procession.rawValue(0);
    SerializableRunnable deposits =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            lock.lock();
            try {
              balance.set(balance.get() + 1);
            } finally {
              lock.unlock();
            }
          }
        };
    JvmProcess first = Procession.start(deposits);
    JvmProcess second = Procession.start(deposits);
    first.join();
    second.join();
    System.out.println(balance.get());
    // [end]
    lock.destroy();
    balance.destroy();
  }

  @SuppressWarnings("LockNotBeforeTry") // shows what each call does
  private static void refusals() throws InterruptedException {
    // [refusals]
    var lock = Procession.lock();
    lock.lock();
    System.out.println(lock);
    try {
      lock.lock();
    } catch (IllegalMonitorStateException e) {
      System.out.println(e.getMessage());
    }
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              try {
                lock.unlock();
              } catch (IllegalMonitorStateException e) {
                System.out.println(e.getMessage());
              }
            });
    other.join();
    lock.unlock();
    // [end]
    lock.close();
  }

  @SuppressWarnings("LockNotBeforeTry") // shows what each call does
  private static void reentrant() {
    // [reentrant]
    try (var lock = Procession.reentrantLock()) {
      lock.lock();
      lock.lock();
      lock.unlock();
      System.out.println(lock.isHeldByCurrentThread() + ", holds: " + lock.holdCount());
      lock.unlock();
      System.out.println(lock);
    }
    // [end]
  }

  private static void limits() throws InterruptedException {
    // [limits]
    var lock = Procession.lock();
    var taken = Procession.event();
    var enough = Procession.event();
    var holder =
        Procession.start(() -> {
          lock.lock();
          try {
            taken.set();
            enough.await();
          } finally {
            lock.unlock();
          }
        });
    taken.await();
    System.out.println("at once: " + lock.tryLock());
    System.out.println("within 10 ms: " + lock.tryLock(10, TimeUnit.MILLISECONDS));
    enough.set();
    if (lock.tryLock(10, TimeUnit.SECONDS)) {
      try {
        System.out.println("within 10 s");
      } finally {
        lock.unlock();
      }
    }
    // [end]
    holder.join();
    lock.destroy();
    taken.destroy();
    enough.destroy();
  }

  private static void virtualThreads() throws InterruptedException {
    // [virtual]
    try (var lock = Procession.lock()) {
      var count = new int[1];
      var threads = new Thread[10_000];
      lock.lock();
      try {
        for (int i = 0; i < threads.length; i++) {
          threads[i] =
              Thread.startVirtualThread(() -> {
                lock.lock();
                try {
                  count[0]++;
                } finally {
                  lock.unlock();
                }
              });
        }
      } finally {
        lock.unlock();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println(count[0]);
    }
    // [end]
  }
}
