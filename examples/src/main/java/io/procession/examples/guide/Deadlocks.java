package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedLock;

/// Two processes that wait for each other.
public final class Deadlocks {
  private Deadlocks() {}

  public static void main(String[] args) throws Exception {
    Part.of("deadlock", Deadlocks::deadlock);
  }

  private static void deadlock() throws InterruptedException {
    // [deadlock]
    var forks = SharedLock.create("fork");
    var knives = SharedLock.create("knife");
    var both = Procession.barrier(2);
    var anna = Procession.start("Anna", eat(forks, knives, both));
    var bob = Procession.start("Bob", eat(knives, forks, both));

    var found = Procession.findDeadlocks();
    while (found.isEmpty()) {
      Thread.sleep(10);
      found = Procession.findDeadlocks();
    }
    System.out.println(found.getFirst());
    anna.kill(); // and Bob gets her fork
    bob.join();
    System.out.println(bob.exitCode().getAsInt());
    // [end]
    anna.join();
    forks.destroy();
    knives.destroy();
    both.destroy();
  }

  // [eat]
  static SerializableRunnable eat(SharedLock first, SharedLock second, SharedBarrier both) {
    return () -> {
      first.lock();
      try {
        both.await(); // both have one now
        second.lock();
        try {
          System.out.println("eats");
        } finally {
          second.unlock();
        }
      } finally {
        first.unlock();
      }
    };
  }

  // [end]
}
