package io.procession.internal.ring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Session;
import io.procession.internal.ring.MessageRing.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/// A ring does what a deque does, whatever is done in whatever order, and gives all memory back.
class RingModelTest {
  private static final long LIMIT = 4L << 20;

  private final Session session = Session.current();

  enum Verb {
    PUT,
    TAKE,
    REMOVE,
    CLEAR,
    LOOK
  }

  record Step(Verb verb, int size, int place) {}

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void unboundedRingIsADeque(@ForAll("scripts") List<Step> script) throws Exception {
    play(script, new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void boundedRingIsADeque(
      @ForAll("scripts") List<Step> script, @ForAll @IntRange(min = 1, max = 20) int capacity)
      throws Exception {
    play(script, new RingLimits(capacity, 1L << 30, RingLimits.AtLimit.THROW));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void ringOfLimitedMemoryIsADequeThatRefuses(@ForAll("scripts") List<Step> script)
      throws Exception {
    play(script, new RingLimits(RingLimits.UNBOUNDED, LIMIT, RingLimits.AtLimit.WAIT));
  }

  @Provide
  Arbitrary<List<Step>> scripts() {
    Arbitrary<Verb> verbs =
        Arbitraries.frequency(
            Tuple.of(12, Verb.PUT),
            Tuple.of(10, Verb.TAKE),
            Tuple.of(4, Verb.REMOVE),
            Tuple.of(2, Verb.LOOK),
            Tuple.of(1, Verb.CLEAR));
    Arbitrary<Integer> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 40)),
            Tuple.of(3, Arbitraries.integers().between(1_000, 9_000)),
            Tuple.of(2, Arbitraries.integers().between(65_450, 65_540)),
            Tuple.of(1, Arbitraries.integers().between(65_536, 200 << 10)));
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 1_000);
    return Combinators.combine(verbs, sizes, places)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(300)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private void play(List<Step> script, RingLimits limits) throws Exception {
    int units = session.units().inUse();
    int cells = session.directory().inUse();
    MessageRing ring = MessageRing.create(session, CellKind.QUEUE, "model", limits, false);
    Deque<byte[]> model = new ArrayDeque<>();
    int number = 0;
    for (Step step : script) {
      switch (step.verb()) {
        case PUT -> put(ring, model, limits, message(step.size(), number++));
        case TAKE -> assertThat(take(ring)).isEqualTo(model.poll());
        case REMOVE -> remove(ring, model, step.place());
        case LOOK -> assertThat(all(ring)).containsExactlyElementsOf(model);
        case CLEAR -> {
          ring.clear();
          model.clear();
        }
      }
      assertThat(ring.size()).isEqualTo(model.size());
      assertThat(ring.nextLength()).isEqualTo(model.isEmpty() ? -1 : model.element().length);
    }
    while (!model.isEmpty()) {
      assertThat(take(ring)).isEqualTo(model.poll());
    }
    assertThat(take(ring)).isNull();
    ring.destroy();
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
  }

  private static void put(MessageRing ring, Deque<byte[]> model, RingLimits limits, byte[] message)
      throws InterruptedException {
    boolean done = ring.put(message, 0, message.length, System.nanoTime()) == Outcome.DONE;
    if (done) {
      model.add(message);
      assertThat(ring.size()).isLessThanOrEqualTo(limits.capacity());
    } else if (limits.capacity() != RingLimits.UNBOUNDED) {
      assertThat(ring.size()).isEqualTo(limits.capacity());
    } else {
      // the last segment may be half empty, and each may have lost nearly a message at its end
      assertThat(model.stream().mapToLong(m -> m.length).sum()).isGreaterThan(LIMIT / 4);
    }
  }

  private static byte @Nullable [] take(MessageRing ring) throws InterruptedException {
    return ring.take(System.nanoTime());
  }

  private static List<byte[]> all(MessageRing ring) {
    List<byte[]> all = new ArrayList<>();
    RingScan scan = ring.scan();
    for (RingScan.Found found = scan.next(); found != null; found = scan.next()) {
      all.add(found.bytes());
    }
    return all;
  }

  private static void remove(MessageRing ring, Deque<byte[]> model, int place) {
    RingScan scan = ring.scan();
    if (model.isEmpty()) {
      assertThat(scan.next()).isNull();
      return;
    }
    int skipped = place % model.size();
    for (int i = 0; i < skipped; i++) {
      scan.next();
    }
    RingScan.Found found = requireNonNull(scan.next());
    Iterator<byte[]> messages = model.iterator();
    for (int i = 0; i < skipped; i++) {
      messages.next();
    }
    assertThat(found.bytes()).isEqualTo(messages.next());
    messages.remove();
    assertThat(ring.remove(found)).isTrue();
    assertThat(ring.remove(found)).isFalse();
  }

  private static byte[] message(int size, int number) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (number * 31 + i * 7 + (i >> 8));
    }
    return bytes;
  }
}
