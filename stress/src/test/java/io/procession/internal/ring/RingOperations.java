package io.procession.internal.ring;

import io.procession.stress.words.Rings;
import io.procession.stress.words.Sleeper;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/// Whatever two processes do with a ring at once has the results of some order of the same operations on
/// a queue.
@Param(name = "number", gen = IntGen.class, conf = "1:9")
public class RingOperations {
  private final MessageRing first = Rings.makeForAWhile();
  private final MessageRing second = Rings.attach(first);

  @Operation
  public void putByOne(@Param(name = "number") int number) {
    new Sleeper().begin(); // of the locks of the ring's sides
    Rings.put(first, number);
  }

  @Operation
  public void putByOther(@Param(name = "number") int number) {
    new Sleeper().begin();
    Rings.put(second, number);
  }

  @Operation
  public int pollByOne() {
    new Sleeper().begin();
    return Rings.poll(first);
  }

  @Operation
  public int pollByOther() {
    new Sleeper().begin();
    return Rings.poll(second);
  }

  /// What it is to be.
  public static final class Line {
    private final Deque<Integer> numbers = new ArrayDeque<>();

    public void putByOne(int number) {
      numbers.add(number);
    }

    public void putByOther(int number) {
      numbers.add(number);
    }

    public int pollByOne() {
      return numbers.isEmpty() ? 0 : numbers.remove();
    }

    public int pollByOther() {
      return pollByOne();
    }
  }
}
