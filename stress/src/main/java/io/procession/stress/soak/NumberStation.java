package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedValue;

/// Raw numbers that are counted up by atomic operations, and one that is under its own lock.
record NumberStation(
    int index,
    String name,
    SharedValue<Long> value,
    SharedValue<Long> locked,
    SharedArray<Long> array)
    implements Station {
  private static final int LENGTH = 40;

  static NumberStation of(int index, String name) {
    return new NumberStation(
        index,
        name,
        SharedValue.raw(ElementType.LONG, 0L),
        SharedValue.of(ElementType.LONG, 0L),
        SharedArray.raw(ElementType.LONG, LENGTH));
  }

  @Override
  public void step(Turn turn) {
    turn.count(index, BEGUN);
    switch (turn.upTo(5)) {
      case 0 -> {
        long _ = value.getAndAdd(1L);
      }
      case 1 -> {
        long seen = value.get();
        while (!value.compareAndSet(seen, seen + 1)) {
          seen = value.get();
        }
      }
      case 2 -> {
        long _ = locked.update(number -> number + 1);
      }
      case 3 -> {
        long at = turn.upTo(LENGTH);
        long seen = array.get(at);
        while (!array.compareAndSet(at, seen, seen + 1)) {
          seen = array.get(at);
        }
      }
      default -> {
        long _ = array.getAndAdd(turn.upTo(LENGTH), 1L);
      }
    }
    turn.count(index, DONE);
    require(array.longs().allMatch(number -> number >= 0), "numbers are whole");
  }

  @Override
  public void verify(Turn turn, int processes) {
    long sum = value.get() + locked.get() + array.longs().sum();
    Rules.requireAllCounted(name, sum, turn.roster(), processes, index);
  }

  @Override
  public void destroy() {
    value.destroy();
    locked.destroy();
    array.destroy();
  }
}
