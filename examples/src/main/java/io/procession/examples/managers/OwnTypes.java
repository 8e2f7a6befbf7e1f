package io.procession.examples.managers;

import io.procession.manager.BaseManager;
import io.procession.manager.ManagedType;
import io.procession.process.RemoteCallException;
import java.util.Iterator;
import java.util.stream.LongStream;

/// A manager of types of one's own: a counter of which one method is hidden, a generator of which callers
/// get the iterator, and the operators of arithmetic, one object for all.
public final class OwnTypes {
  private OwnTypes() {}

  /// What callers of a counter see.
  public interface Counter {
    int increment();

    int value();

    /// Not exposed below.
    void reset();

    /// Runs at the server, in two steps: another caller may come between.
    default int twice() {
      increment();
      return increment();
    }
  }

  static final class PlainCounter implements Counter {
    private int count;

    @Override
    public synchronized int increment() {
      return ++count;
    }

    @Override
    public synchronized int value() {
      return count;
    }

    @Override
    public synchronized void reset() {
      count = 0;
    }
  }

  /// Makes numbers for as long as somebody asks for them.
  public interface Generator {
    Iterator<Long> squares();
  }

  /// The operators, as functions.
  public interface Operators {
    long add(long a, long b);

    long multiply(long a, long b);

    long divide(long a, long b);
  }

  static final class Arithmetic implements Operators {
    static final Arithmetic INSTANCE = new Arithmetic();

    @Override
    public long add(long a, long b) {
      return a + b;
    }

    @Override
    public long multiply(long a, long b) {
      return a * b;
    }

    @Override
    public long divide(long a, long b) {
      return a / b;
    }
  }

  static final ManagedType<Counter> COUNTER =
      ManagedType.of(Counter.class, PlainCounter::new).exposing("increment", "value", "twice");
  static final ManagedType<Generator> GENERATOR =
      ManagedType.<Generator>of(
              Generator.class,
              () -> () -> LongStream.iterate(0, n -> n + 1).map(n -> n * n).boxed().iterator())
          .returningIterator("squares");
  static final ManagedType<Operators> OPERATORS =
      ManagedType.of(Operators.class, () -> Arithmetic.INSTANCE);

  public static void main(String[] args) {
    try (var manager =
        new BaseManager().register(COUNTER).register(GENERATOR).register(OPERATORS).start()) {
      Counter counter = manager.create(COUNTER);
      System.out.println(counter.increment() + " " + counter.twice() + " " + counter.value());
      try {
        counter.reset();
      } catch (RemoteCallException e) {
        System.out.println("reset is hidden");
      }
      Iterator<Long> squares = manager.create(GENERATOR).squares();
      System.out.println(squares.next() + " " + squares.next() + " " + squares.next());
      Operators operators = manager.create(OPERATORS);
      System.out.println(operators.add(20, 1) + " " + operators.multiply(6, 7));
      try {
        operators.divide(1, 0);
      } catch (ArithmeticException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
