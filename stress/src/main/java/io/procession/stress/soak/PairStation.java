package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.SharedMemory;
import io.procession.sync.OwnerDiedException;

/// Two numbers that are made equal again by whoever changes one of them, alone.
///
/// @param refuses whether the mutex refuses after the death of an owner: then nobody but who repairs may
///     ever meet a dead one
record PairStation(int index, String name, Mutex mutex, SharedMemory numbers, boolean refuses)
    implements Station {
  private static final int BYTES = 64;
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  static PairStation of(int index, String name, Mutex mutex, boolean refuses) {
    return new PairStation(index, name, mutex, SharedMemory.create(BYTES), refuses);
  }

  @Override
  public void step(Turn turn) throws Exception {
    Ward ward = new Ward(numbers.segment());
    try {
      if (!mutex.acquire(turn)) {
        return;
      }
    } catch (OwnerDiedException e) {
      require(refuses, "only a lock that was asked to refuses", "lock", name, "said", e);
      mutex.recover(() -> ward.mend(turn, () -> repair(ward)));
      return;
    }
    try {
      ward.enter(
          turn,
          () -> {
            require(!refuses, "who has the lock meets none that died with it", "lock", name);
            repair(ward);
          });
      change(turn, ward);
      ward.leave(turn);
    } finally {
      mutex.release();
    }
  }

  private void change(Turn turn, Ward ward) throws InterruptedException {
    long number = ward.get(FIRST);
    require(
        ward.get(SECOND) == number,
        "nothing is left half done by the living",
        "first",
        number,
        "second",
        ward.get(SECOND));
    turn.count(index, BEGUN);
    ward.set(FIRST, number + 1);
    turn.dwell();
    ward.requireAlone(turn);
    require(
        ward.get(FIRST) == number + 1 && ward.get(SECOND) == number,
        "nobody changes what another changes",
        "number",
        number,
        "first",
        ward.get(FIRST),
        "second",
        ward.get(SECOND));
    ward.set(SECOND, number + 1);
    turn.count(index, DONE);
  }

  private static void repair(Ward ward) {
    long ahead = ward.get(FIRST) - ward.get(SECOND);
    require(ahead == 0 || ahead == 1, "the dead have half done one change", "ahead", ahead);
    ward.set(SECOND, ward.get(FIRST));
  }

  @Override
  public void verify(Turn turn, int processes) throws Exception {
    Ward ward = new Ward(numbers.segment());
    while (true) {
      try {
        if (mutex.acquire(turn)) {
          break;
        }
      } catch (OwnerDiedException e) {
        mutex.recover(() -> ward.mend(turn, () -> repair(ward)));
      }
    }
    try {
      ward.mend(turn, () -> repair(ward));
    } finally {
      mutex.release();
    }
    require(
        ward.get(FIRST) == ward.get(SECOND),
        "both are equal in the end",
        "first",
        ward.get(FIRST),
        "second",
        ward.get(SECOND));
    Rules.requireAllCounted(name, ward.get(FIRST), turn.roster(), processes, index);
  }

  @Override
  public int ownerDeaths() {
    return mutex.ownerDeaths();
  }

  @Override
  public void destroy() {
    mutex.destroy();
    numbers.unlink();
  }
}
