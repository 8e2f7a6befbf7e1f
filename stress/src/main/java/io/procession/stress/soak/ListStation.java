package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A list and an array whose elements all tell the same number, under the lock of the array.
///
/// @param array who is there, and then the number, again and again
record ListStation(int index, String name, ShareableList list, SharedArray<Long> array)
    implements Station {
  private static final int LENGTH = 40;

  static ListStation of(int index, String name) {
    return new ListStation(
        index,
        name,
        ShareableList.of(elements(0)),
        SharedArray.create(ElementType.LONG, 1 + LENGTH));
  }

  @Override
  public void step(Turn turn) {
    array.withLock(() -> {
      MemorySegment memory = array.segment();
      Ward ward = new Ward(memory);
      ward.enter(turn, this::repair);
      long number = array.get(1);
      requireAll(number);
      if (turn.oneIn(2)) {
        turn.count(index, BEGUN);
        tell(number + 1);
        turn.count(index, DONE);
      }
      ward.leave(turn);
    });
  }

  private void tell(long number) {
    for (int i = 1; i <= LENGTH; i++) {
      array.set(i, number);
    }
    Object[] elements = elements(number);
    for (int i = 0; i < elements.length; i++) {
      list.set(i, elements[i]);
    }
  }

  /// The first number of the array is changed first.
  private void repair() {
    tell(array.get(1));
  }

  private void requireAll(long number) {
    for (int i = 1; i <= LENGTH; i++) {
      require(array.get(i) == number, "an array is whole", "array", array, "number", number);
    }
    require(
        Arrays.deepEquals(list.toArray(), elements(number)),
        "a list is whole",
        "list",
        list,
        "number",
        number);
  }

  private static Object[] elements(long number) {
    return new Object[] {
      number, String.format("number %012d", number), (double) number, number % 2 == 0
    };
  }

  @Override
  public void verify(Turn turn, int processes) {
    array.withLock(() -> {
      new Ward(array.segment()).mend(turn, this::repair);
      requireAll(array.get(1));
      Rules.requireAllCounted(name, array.get(1), turn.roster(), processes, index);
    });
  }

  @Override
  public void destroy() {
    array.destroy();
    list.unlink();
  }
}
