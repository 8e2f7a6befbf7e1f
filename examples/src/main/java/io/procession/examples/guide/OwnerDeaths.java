package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.LockOptions;
import io.procession.sync.OwnerDiedException;
import java.io.Serializable;

/// What becomes of locks and permits when their process is killed.
public final class OwnerDeaths {
  private OwnerDeaths() {}

  public static void main(String[] args) throws Exception {
    Part.of("takeover", OwnerDeaths::takenOver);
    Part.of("recover", OwnerDeaths::recovered);
    Part.of("permits", OwnerDeaths::permits);
  }

  private static void takenOver() throws InterruptedException {
    // [takeover]
    var lock = Procession.lock();
    var held = Procession.event();
    SerializableRunnable holds =
        () -> {
          lock.lock();
          held.set();
          Thread.sleep(60_000);
        };
    var owner = Procession.start("owner", holds);
    held.await();
    owner.kill();
    lock.lock(); // no hang: the dead owner's lock goes to the next
    try {
      System.out.println("deaths: " + lock.ownerDeaths());
    } finally {
      lock.unlock();
    }
    // [end]
    owner.join();
    lock.destroy();
    held.destroy();
  }

  // [accounts]
  record Accounts(int mine, int yours) implements Serializable {}

  // [end]

  private static void recovered() throws InterruptedException {
    // [recover]
    var lock = Procession.lock(LockOptions.defaults().withFailOnOwnerDeath(true));
    var accounts = Procession.rawStruct(new Accounts(100, 0));
    var halfDone = Procession.event();
    var mover =
        Procession.start(
            "mover",
            () -> {
              lock.lock();
              accounts.set("mine", 70);
              halfDone.set();
              Thread.sleep(60_000); // killed before it gives what it has taken
            });
    halfDone.await();
    mover.kill();
    mover.join();
    try {
      lock.lock();
    } catch (OwnerDiedException e) {
      System.out.println(e.getMessage());
    }
    lock.recover(() -> accounts.set("yours", 100 - (int) accounts.get("mine")));
    lock.lock();
    try {
      System.out.println(accounts.get());
    } finally {
      lock.unlock();
    }
    // [end]
    lock.destroy();
    accounts.destroy();
    halfDone.destroy();
  }

  private static void permits() throws InterruptedException {
    // [permits]
    var slots = Procession.ownedSemaphore(3);
    var user =
        Procession.start(() -> {
          slots.acquire(2);
          System.exit(1); // gives nothing back
        });
    user.join();
    slots.acquire(3); // all are here again
    System.out.println(slots.heldPermits());
    // [end]
    slots.destroy();
  }
}
