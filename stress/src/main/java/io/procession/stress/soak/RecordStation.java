package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.SharedStruct;
import io.procession.sync.SharedReentrantLock;

/// A struct under a lock, whose fields the living change together. Torn it may be found by the first
/// after the death of one who had the lock, and by nobody else; so the lock's count of deaths is tried,
/// too.
record RecordStation(
    int index, String name, SharedReentrantLock lock, SharedStruct<RecordStation.Pair> struct)
    implements Station {
  /// Two fields that are changed together.
  ///
  /// @param deaths how many owners of the lock had died when it was last changed
  record Pair(long first, double second, int deaths) {}

  static RecordStation of(int index, String name) {
    SharedReentrantLock lock = SharedReentrantLock.create(name);
    return new RecordStation(index, name, lock, SharedStruct.of(new Pair(0, 0, 0), lock));
  }

  @Override
  public void step(Turn turn) {
    if (turn.oneIn(3)) {
      lock.lock();
      try {
        whole(struct.get());
      } finally {
        lock.unlock();
      }
      return;
    }
    turn.count(index, BEGUN);
    Pair _ = struct.update(this::next);
    turn.count(index, DONE);
  }

  private Pair next(Pair pair) {
    Pair whole = whole(pair);
    return new Pair(whole.first + 1, whole.second + 1, lock.ownerDeaths());
  }

  /// Run with the lock held.
  private Pair whole(Pair pair) {
    int deaths = lock.ownerDeaths();
    require(
        pair.first == (long) pair.second || deaths > pair.deaths,
        "a struct is torn by the dead only",
        "struct",
        pair,
        "deaths",
        deaths);
    long ahead = pair.first - (long) pair.second;
    require(ahead == 0 || ahead == 1, "fields are written in their order", "struct", pair);
    return new Pair(pair.first, pair.first, deaths);
  }

  @Override
  public void verify(Turn turn, int processes) {
    long counted = struct.update(this::whole).first;
    Rules.requireAllCounted(name, counted, turn.roster(), processes, index);
  }

  @Override
  public int ownerDeaths() {
    return lock.ownerDeaths();
  }

  @Override
  public void destroy() {
    struct.destroy();
    lock.destroy();
  }
}
