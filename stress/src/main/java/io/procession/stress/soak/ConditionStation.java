package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Roster.OWN;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.SharedMemory;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// A store of a few goods: who brings waits until there is room, who fetches until there is something.
///
/// @param lock of either kind
record ConditionStation(
    int index,
    String name,
    Lock lock,
    SharedCondition room,
    SharedCondition goods,
    SharedMemory numbers)
    implements Station {
  private static final int BYTES = 64;
  private static final int BROUGHT = 1;
  private static final int FETCHED = 2;
  private static final int STOCK = 3;
  private static final int CAPACITY = 4;
  private static final int FETCH_BEGUN = OWN;
  private static final int FETCH_DONE = OWN + 1;

  static ConditionStation of(int index, String name, SharedLock lock) {
    return new ConditionStation(
        index, name, lock, lock.newCondition(), lock.newCondition(), SharedMemory.create(BYTES));
  }

  static ConditionStation of(int index, String name, SharedReentrantLock lock) {
    return new ConditionStation(
        index, name, lock, lock.newCondition(), lock.newCondition(), SharedMemory.create(BYTES));
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the predicate is asked in one
  public void step(Turn turn) throws Exception {
    boolean brings = turn.oneIn(2);
    Ward ward = new Ward(numbers.segment());
    lock.lock();
    try {
      SharedCondition awaited = brings ? room : goods;
      int wanted = brings ? CAPACITY - 1 : -1;
      boolean can =
          awaited.awaitUntil(
              () -> brings ? stock(ward) <= wanted : stock(ward) > 0,
              turn.upTo(80),
              TimeUnit.MILLISECONDS);
      ward.enter(turn, () -> repair(ward));
      require(
          ward.get(STOCK) == stock(ward) && stock(ward) >= 0 && stock(ward) <= CAPACITY,
          "the stock is what was brought and not fetched",
          "stock",
          ward.get(STOCK),
          "brought",
          ward.get(BROUGHT),
          "fetched",
          ward.get(FETCHED));
      if (can) {
        require(
            brings ? stock(ward) < CAPACITY : stock(ward) > 0,
            "what was waited for is so",
            "stock",
            stock(ward));
        turn.count(index, brings ? BEGUN : FETCH_BEGUN);
        change(turn, ward, brings ? BROUGHT : FETCHED, brings ? 1 : -1);
        turn.count(index, brings ? DONE : FETCH_DONE);
      }
      ward.leave(turn);
      if (can) {
        signal(turn, brings ? goods : room);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void change(Turn turn, Ward ward, int number, int change)
      throws InterruptedException {
    ward.set(number, ward.get(number) + 1);
    turn.dwell();
    ward.set(STOCK, ward.get(STOCK) + change);
    ward.requireAlone(turn);
  }

  private static void signal(Turn turn, SharedCondition condition) {
    switch (turn.upTo(4)) {
      case 0 -> condition.signalAll();
      case 1 -> condition.signal(2);
      default -> condition.signal();
    }
  }

  private static long stock(Ward ward) {
    return ward.get(BROUGHT) - ward.get(FETCHED);
  }

  private static void repair(Ward ward) {
    ward.set(STOCK, stock(ward));
  }

  @Override
  public void verify(Turn turn, int processes) {
    Ward ward = new Ward(numbers.segment());
    lock.lock();
    try {
      ward.mend(turn, () -> repair(ward));
      Rules.requireAllCounted(name, ward.get(BROUGHT), turn.roster(), processes, index);
      long done = turn.roster().sum(processes, index, FETCH_DONE);
      long begun = turn.roster().sum(processes, index, FETCH_BEGUN);
      long fetched = ward.get(FETCHED);
      require(
          done <= fetched && fetched <= begun && ward.get(STOCK) == stock(ward),
          "nothing is fetched twice or lost at " + name,
          "done",
          done,
          "fetched",
          fetched,
          "begun",
          begun);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int ownerDeaths() {
    return lock instanceof SharedReentrantLock reentrant
        ? reentrant.ownerDeaths()
        : ((SharedLock) lock).ownerDeaths();
  }

  @Override
  public void destroy() {
    room.destroy();
    goods.destroy();
    if (lock instanceof SharedReentrantLock reentrant) {
      reentrant.destroy();
    } else {
      ((SharedLock) lock).destroy();
    }
    numbers.unlink();
  }
}
