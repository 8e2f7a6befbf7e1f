package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// What holds objects of a server while stubs of them are on their way.
class ObjectTableTest {
  private static final Kind KIND =
      Kind.of(new ServedType("task", Runnable.class, null, null, null, null, Map.of()));

  private final ObjectTable table = new ObjectTable();

  /// An object that is only held by what is on its way.
  private String departed(Departures group, List<Long> numbers) throws RequestException {
    ServedObject object = table.add(KIND, (Runnable) new ArrayList<>()::clear);
    numbers.add(table.depart(object.ident(), group));
    table.drop(object);
    return object.ident();
  }

  @Test
  void oneSenderHasSoManyOnTheirWay() throws Exception {
    Departures group = new Departures(2);
    List<Long> numbers = new ArrayList<>();
    String first = departed(group, numbers);
    String second = departed(group, numbers);
    long others = table.depart(first, new Departures(1));
    assertThat(departed(group, numbers)).as("one more, so the oldest ends").isNotEmpty();
    assertThat(table.size()).isEqualTo(3);
    table.arrived(first, numbers.getFirst()); // it has ended
    table.arrived(first, numbers.get(1)); // that of another
    assertThat(table.get(first).ident()).isEqualTo(first);
    table.arrived(first, others);
    assertThatExceptionOfType(RequestException.class).isThrownBy(() -> table.get(first));
    assertThat(table.size()).isEqualTo(2);
    table.arrived(second, numbers.get(1));
    table.arrived(second, numbers.get(1)); // read again
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void objectIsServedAsOneType() throws Exception {
    Runnable referent = () -> {};
    Kind alike = Kind.of(new ServedType("other", Runnable.class, null, null, null, null, Map.of()));
    Kind hiding =
        Kind.of(new ServedType("hiding", Runnable.class, null, null, null, Set.of(), Map.of()));
    ServedObject object = table.add(KIND, referent);
    assertThat(table.add(alike, referent)).isSameAs(object);
    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> table.add(hiding, referent))
        .withMessageContaining("type=task, asked for as=hiding");
    table.drop(object);
    table.drop(object);
    assertThat(table.size()).isZero();
    assertThat(table.add(hiding, referent)).isNotSameAs(object);
  }

  /// An object that keeps what is under way, and fails when it is to end that.
  private record Failing(AtomicInteger count) implements Runnable, Leaving {
    @Override
    public void run() {}

    @Override
    public void left() {
      if (count.incrementAndGet() % 2 == 1) {
        throw new IllegalStateException("it cannot leave");
      }
      throw new AssertionError("nor this one");
    }
  }

  @Test
  void oneThatFailsToLeaveKeepsNoOthers() throws Exception {
    ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord log) {
            said.add(log.getMessage() + ", " + log.getThrown());
            throw new IllegalStateException("nor can this be logged");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.procession.manager");
    logger.addHandler(handler);
    try {
      AtomicInteger left = new AtomicInteger();
      Departures group = new Departures(3);
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ServedObject object = table.add(KIND, new Failing(left));
        numbers.add(table.depart(object.ident(), group));
        table.drop(object);
      }
      table.end(numbers);
      assertThat(left).hasValue(3);
      assertThat(table.size()).isZero();
      assertThat(said).hasSize(3);
      assertThat(said.peek())
          .startsWith(
              "a managed object that nobody has any more could not end what it does: object=")
          .endsWith("it cannot leave");
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void whatDeadSendersHaveLeftIsStillHeld() throws Exception {
    Departures left = new Departures(2);
    List<Long> numbers = new ArrayList<>();
    List<String> idents = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Departures group = new Departures(1);
      idents.add(departed(group, numbers));
      assertThat(table.leave(group, left)).containsExactly(numbers.getLast());
      assertThatExceptionOfType(RequestException.class)
          .isThrownBy(() -> table.depart(idents.getLast(), group))
          .withMessageContaining("gone");
    }
    assertThat(table.size()).as("the oldest has ended").isEqualTo(2);
    assertThatExceptionOfType(RequestException.class)
        .isThrownBy(() -> table.get(idents.getFirst()));
    table.arrived(idents.get(1), numbers.get(1));
    table.end(numbers);
    table.end(numbers);
    assertThat(table.size()).isZero();
    assertThat(left.tooMany()).isEmpty();
  }
}
