package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.ElementType;
import io.procession.sync.Barrier;
import io.procession.sync.Event;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;

/// Semaphores, events, conditions and barriers.
public final class Coordination {
  private Coordination() {}

  public static void main(String[] args) throws Exception {
    Part.of("semaphore", Coordination::semaphore);
    Part.of("bounded", Coordination::bounded);
    Part.of("event", Coordination::event);
    Part.of("condition", Coordination::condition);
    Part.of("barrier", Coordination::barrier);
    Part.of("broken", Coordination::brokenBarrier);
    Part.of("whichever", Coordination::whicheverWay);
  }

  private static void semaphore() {
    // [semaphore]
    var slots = Procession.semaphore(2);
    var inside = Procession.rawValue(0);
    var most = Procession.value(0);
    try (var pool = Procession.pool(4)) {
      pool.map(
          job -> {
            slots.acquire();
            try {
              int now = inside.getAndAdd(1) + 1;
              most.update(old -> Math.max(old, now));
              Thread.sleep(10);
              return job;
            } finally {
              inside.getAndAdd(-1);
              slots.release();
            }
          },
          List.of(1, 2, 3, 4, 5, 6, 7, 8));
    }
    System.out.println("never more than 2: " + (most.get() <= 2));
    // [end]
    slots.destroy();
    inside.destroy();
    most.destroy();
  }

  private static void bounded() {
    // [bounded]
    try (var slots = Procession.boundedSemaphore(2)) {
      slots.release();
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
    // [end]
  }

  private static void event() throws InterruptedException {
    // [event]
    var go = Procession.event();
    var runner =
        Procession.start(() -> {
          go.await();
          System.out.println("gone");
        });
    System.out.println("within 10 ms: " + go.await(10, TimeUnit.MILLISECONDS));
    go.set();
    runner.join();
    // [end]
    go.destroy();
  }

  @SuppressWarnings("WaitNotInLoop") // awaitUntil(predicate) is the loop
  private static void condition() throws InterruptedException {
    // [condition]
    var changed = Procession.condition();
    var lock = changed.lock();
    var stock = Procession.rawValue(0);
    var consumer =
        Procession.start(() -> {
          lock.lock();
          try {
            changed.awaitUntil(() -> stock.get() >= 3);
            stock.set(stock.get() - 3);
            changed.signalAll();
          } finally {
            lock.unlock();
          }
        });
    for (int i = 0; i < 3; i++) {
      lock.lock();
      try {
        stock.set(stock.get() + 1);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
    lock.lock();
    try {
      boolean sold = changed.awaitUntil(() -> stock.get() == 0, 10, TimeUnit.SECONDS);
      System.out.println(sold + ", left: " + stock.get());
    } finally {
      lock.unlock();
    }
    consumer.join();
    // [end]
    changed.destroy();
    stock.destroy();
  }

  private static void barrier() throws Exception {
    // [barrier]
    var sums = Procession.rawArray(ElementType.LONG, 2);
    var total = Procession.rawValue(0L);
    var summed = Procession.barrier(2, () -> total.set(sums.longs().sum()));
    var helper =
        Procession.start(() -> {
          sums.setLong(1, 40);
          summed.await();
        });
    sums.setLong(0, 2);
    summed.await();
    System.out.println(total.get());
    // [end]
    helper.join();
    sums.destroy();
    total.destroy();
    summed.destroy();
  }

  private static void brokenBarrier() throws Exception {
    // [broken]
    var met = Procession.barrier(3);
    var party =
        Procession.start(() -> {
          met.await();
        });
    while (met.waiting() == 0) {
      Thread.sleep(1);
    }
    party.kill();
    party.join();
    try {
      met.await();
    } catch (BrokenBarrierException e) {
      System.out.println(e.getMessage());
    }
    met.reset();
    System.out.println(met.isBroken());
    // [end]
    met.destroy();
  }

  // [meet]
  static void meet(Event open, Barrier all) throws Exception {
    var guest =
        Procession.start(() -> {
          open.await();
          all.await();
        });
    open.set();
    all.await();
    guest.join();
    System.out.println("all " + all.parties() + " have met");
  }

  // [end]

  private static void whicheverWay() throws Exception {
    // [whichever]
    meet(Procession.event(), Procession.barrier(2));
    try (var manager = Procession.manager()) {
      meet(manager.event(), manager.barrier(2));
    }
    // [end]
  }
}
