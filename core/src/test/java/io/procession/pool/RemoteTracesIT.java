package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.serial.SerializableCallable;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is told of what a task threw: as much as if it had been thrown here.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RemoteTracesIT {
  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(1);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static Throwable causeOf(SerializableCallable<?> task) {
    Throwable failure = catchThrowable(() -> pool.apply(task));
    assertThat(failure)
        .isExactlyInstanceOf(TaskException.class)
        .hasMessageMatching("(?s)task failed in pool-\\d+-worker-\\d+: .*");
    assertThat(failure.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("causeOf")); // the caller's own
    return requireNonNull(failure.getCause());
  }

  /// A type of the user's, with a field.
  private static final class OrderException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int order;

    OrderException(int order, Throwable cause) {
      super("order " + order, cause);
      this.order = order;
    }
  }

  private static int outer() throws OrderException {
    try {
      return inner();
    } catch (IOException e) {
      OrderException failure = new OrderException(7, e);
      failure.addSuppressed(new IllegalStateException("clean up", new ArithmeticException("2")));
      throw failure;
    }
  }

  private static int inner() throws IOException {
    throw new IOException("disk");
  }

  private static List<String> methods(Throwable failure) {
    return List.of(failure.getStackTrace()).stream()
        .map(StackTraceElement::getMethodName)
        .limit(2)
        .toList();
  }

  @Test
  void typeFieldsStackCausesAndSuppressedAreKept() {
    Throwable cause = causeOf(RemoteTracesIT::outer);

    assertThat(cause)
        .isInstanceOfSatisfying(OrderException.class, order -> assertThat(order.order).isEqualTo(7))
        .hasMessage("order 7");
    assertThat(methods(cause).getFirst()).isEqualTo("outer");
    assertThat(requireNonNull(cause.getCause())).isExactlyInstanceOf(IOException.class);
    assertThat(methods(requireNonNull(cause.getCause()))).containsExactly("inner", "outer");
    assertThat(cause.getSuppressed()).hasSize(1);
    assertThat(cause.getSuppressed()[0])
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
  }

  /// Has a field that cannot be sent.
  private static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Thread thread = Thread.currentThread();

    Unsendable(Throwable cause) {
      super("with a thread", cause);
    }
  }

  private static int unsendable() throws Unsendable {
    Unsendable failure = new Unsendable(new IOException("inside"));
    failure.addSuppressed(new Unsendable(new ArithmeticException()));
    throw failure;
  }

  @Test
  void whatCannotBeSentIsStoodFor() {
    Throwable cause = causeOf(RemoteTracesIT::unsendable);

    assertThat(cause).isInstanceOf(StandInException.class).hasMessage("with a thread");
    assertThat(((StandInException) cause).originalClassName())
        .isEqualTo(Unsendable.class.getName());
    assertThat(cause.toString()).isEqualTo(Unsendable.class.getName() + ": with a thread");
    assertThat(methods(cause).getFirst()).isEqualTo("unsendable");
    assertThat(cause).hasCauseExactlyInstanceOf(IOException.class);
    assertThat(cause.getSuppressed()[0])
        .isInstanceOf(StandInException.class)
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
  }

  /// Cannot be rebuilt.
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super("only there");
    }

    private void readObject(ObjectInputStream in) throws IOException {
      throw new InvalidObjectException("not here");
    }
  }

  private static int unreadable() throws Unreadable {
    throw new Unreadable();
  }

  @Test
  void whatCannotBeReadIsStoodForWithTheReason() {
    Throwable cause = causeOf(RemoteTracesIT::unreadable);

    assertThat(cause)
        .isInstanceOf(StandInException.class)
        .hasMessage("only there")
        .hasToString(Unreadable.class.getName() + ": only there");
    assertThat(methods(cause).getFirst()).isEqualTo("unreadable");
    assertThat(cause.getSuppressed())
        .anySatisfy(reason -> assertThat(reason).hasStackTraceContaining("not here"));
  }

  /// Fails whenever it is looked at.
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Object unsendable = new Object();

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause");
    }
  }

  @Test
  void exceptionThatThrowsItselfIsToldOf() {
    Throwable cause =
        causeOf(() -> {
          throw new Hostile();
        });
    assertThat(cause).isInstanceOf(StandInException.class);
    assertThat(((StandInException) cause).originalClassName()).isEqualTo(Hostile.class.getName());
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void causesThatGoInCirclesAndDeepChainsArrive() {
    Throwable circle =
        causeOf(() -> {
          var first = new IllegalStateException("first");
          first.initCause(new IllegalArgumentException("second", first));
          throw first;
        });
    assertThat(circle).hasMessage("first").cause().hasMessage("second").cause().isSameAs(circle);
    assertThat(causeOf(() -> chain(50))).hasMessage("49").hasRootCauseMessage("bottom");
    assertThat(causeOf(() -> chain(500))).hasMessage("499").hasCauseInstanceOf(Exception.class);
  }

  private static int chain(int length) throws IOException {
    IOException chain = new IOException("bottom");
    for (int i = 0; i < length; i++) {
      chain = new IOException("" + i, chain);
    }
    throw chain;
  }
}
