package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.manager.SyncManager;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskException;
import io.procession.pool.TaskPool;
import io.procession.shared.Struct;
import java.io.Serializable;
import java.util.List;

/// Records and pools of a manager.
public final class ManagedPools {
  private ManagedPools() {}

  public static void main(String[] args) throws Exception {
    try (var manager = Procession.manager()) {
      Part.of("struct", () -> struct(manager));
      Part.of("pool", () -> pool(manager));
    }
  }

  // [struct]
  record Account(String owner, long balance) implements Serializable {
    Account {
      if (balance < 0) {
        throw new IllegalArgumentException("negative balance: " + balance);
      }
    }
  }

  static void struct(SyncManager manager) throws InterruptedException {
    Struct<Account> account = manager.struct(new Account("Ada", 100));
    Procession.start(() -> account.getAndAdd("balance", -30L)).join();
    System.out.println(account.get());
    try {
      account.getAndAdd("balance", -100L);
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
  }

  // [end]

  private static void pool(SyncManager manager) throws InterruptedException {
    // [pool]
    TaskPool pool = manager.pool(2);
    Procession.start(() -> System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)))).join();
    try (ResultIterator<Integer> squares = pool.imap(x -> x * x, List.of(1, 2, 3))) {
      System.out.println(squares.next() + " " + squares.next()); // closed, it stops the rest
    }
    try {
      pool.apply(x -> 1 / x, 0);
    } catch (TaskException e) {
      System.out.println(e.getCause());
    }
    // [end]
  }
}
