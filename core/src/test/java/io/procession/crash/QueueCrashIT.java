package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.crash.Victim.Role;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.posix.Platform;
import io.procession.queue.SharedQueue;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A process that uses a queue is killed at each point where it leaves shared words in a state of
/// their own. Nothing is torn, nothing that was put completely is lost but what the dead had taken,
/// the others go on, and all memory is given back.
@Tag("platforms")
class QueueCrashIT {
  private static final int UNBOUNDED = 0;
  private static final int MESSAGES_AFTERWARDS = 2_000;

  private final Base base = Base.now();
  @TempDir Path folder;

  /// Who is there when the victim works.
  enum Company {
    NOBODY,
    WRITER,
    READER,
    BOTH;

    boolean hasWriter() {
      return this == WRITER || this == BOTH;
    }

    boolean hasReader() {
      return this == READER || this == BOTH;
    }
  }

  /// A death: where, at which visit, what the victim was doing, and who was there.
  record Death(FailPoint point, int visit, Role role, int capacity, Company company) {
    @Override
    public String toString() {
      return point + ":" + visit + " " + role + " with " + company;
    }
  }

  static final List<Death> DEATHS =
      List.of(
          new Death(FailPoint.RING_SEGMENT_LINKED, 1, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SEGMENT_LINKED, 5, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SEGMENT_CLOSED, 1, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SEGMENT_CLOSED, 5, Role.PUTS, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_TAIL_MOVED, 1, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_TAIL_MOVED, 64, Role.PUTS, UNBOUNDED, Company.READER),
          new Death(FailPoint.RING_PUBLISHED, 1, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_PUBLISHED, 100, Role.PUTS, 4, Company.BOTH),
          new Death(FailPoint.RING_SPARE_TAKEN, 1, Role.PUTS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SPARE_TAKEN, 3, Role.PUTS, UNBOUNDED, Company.READER),
          new Death(
              FailPoint.RING_READERS_CLEARED, 1, Role.PUTS_WHEN_EMPTY, UNBOUNDED, Company.READER),
          new Death(
              FailPoint.RING_READERS_CLEARED, 3, Role.PUTS_WHEN_EMPTY, UNBOUNDED, Company.READER),
          new Death(FailPoint.RING_READERS_MARKED, 1, Role.TAKES, UNBOUNDED, Company.NOBODY),
          new Death(
              FailPoint.RING_READERS_MARKED, 1, Role.PUTS_WHEN_EMPTY, UNBOUNDED, Company.READER),
          new Death(FailPoint.RING_HEAD_MOVED, 1, Role.TAKES, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_HEAD_MOVED, 70, Role.TAKES, UNBOUNDED, Company.WRITER),
          new Death(FailPoint.RING_CONSUMED, 1, Role.TAKES, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_CONSUMED, 10, Role.TAKES, 4, Company.WRITER),
          new Death(FailPoint.RING_COUNTED_GONE, 1, Role.TAKES, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_COUNTED_GONE, 10, Role.TAKES, 4, Company.WRITER),
          new Death(FailPoint.RING_SPARE_STORED, 1, Role.TAKES, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SPARE_STORED, 4, Role.TAKES, UNBOUNDED, Company.WRITER),
          new Death(FailPoint.RING_TAIL_MOVED, 70, Role.PUTS_MANY, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_SEGMENT_CLOSED, 2, Role.PUTS_MANY, UNBOUNDED, Company.READER),
          new Death(FailPoint.RING_PUBLISHED, 33, Role.PUTS_MANY, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_PUBLISHED, 50, Role.PUTS_MANY, 4, Company.BOTH),
          new Death(FailPoint.RING_WRITERS_MARKED, 1, Role.PUTS_MANY, 4, Company.NOBODY),
          new Death(FailPoint.RING_HEAD_MOVED, 33, Role.DRAINS, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_CONSUMED, 5, Role.DRAINS, 4, Company.WRITER),
          new Death(FailPoint.RING_COUNTED_GONE, 33, Role.DRAINS, UNBOUNDED, Company.WRITER),
          new Death(FailPoint.RING_SPARE_STORED, 2, Role.DRAINS, UNBOUNDED, Company.WRITER),
          new Death(FailPoint.RING_REMOVED, 1, Role.REMOVES, UNBOUNDED, Company.BOTH),
          new Death(FailPoint.RING_REMOVED, 5, Role.REMOVES, 4, Company.WRITER),
          new Death(FailPoint.RING_COUNTED_GONE, 5, Role.REMOVES, 4, Company.WRITER),
          new Death(FailPoint.RING_WRITERS_CLEARED, 1, Role.TAKES_WHEN_FULL, 4, Company.WRITER),
          new Death(FailPoint.RING_WRITERS_CLEARED, 3, Role.TAKES_WHEN_FULL, 4, Company.WRITER),
          new Death(FailPoint.RING_WRITERS_MARKED, 1, Role.PUTS, 4, Company.NOBODY),
          new Death(FailPoint.RING_WRITERS_MARKED, 1, Role.TAKES_WHEN_FULL, 4, Company.WRITER));

  /// Deaths of those who set right what another death has left.
  static final List<Death> SECOND_DEATHS =
      List.of(
          new Death(FailPoint.RING_DAMAGE_MARKED, 1, Role.PUTS, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_DAMAGE_CLEARED, 1, Role.PUTS, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_TAIL_MOVED, 1, Role.PUTS, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_DAMAGE_MARKED, 1, Role.TAKES, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_DAMAGE_CLEARED, 1, Role.TAKES, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_HEAD_MOVED, 1, Role.TAKES, UNBOUNDED, Company.NOBODY),
          new Death(FailPoint.RING_COUNTED_GONE, 1, Role.TAKES, UNBOUNDED, Company.NOBODY));

  /// What a death leaves in the shared words is the same on every platform; how the others learn of it
  /// is not: there, each point once.
  static List<Death> deaths() {
    if (Platform.current() == Platform.NATIVE) {
      return DEATHS;
    }
    Set<FailPoint> seen = EnumSet.noneOf(FailPoint.class);
    return DEATHS.stream().filter(death -> seen.add(death.point())).toList();
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void othersGoOnAfter(Death death) throws Exception {
    play(death, 1);
  }

  @ParameterizedTest
  @FieldSource("SECOND_DEATHS")
  void othersGoOnAfterASecondDeath(Death death) throws Exception {
    play(death, 2);
  }

  @Test
  void sizeIsExactAfterTheDeathOfATaker() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    queue.putMany(List.of("a", "b"));
    Doomed.dieAt(FailPoint.RING_CONSUMED, 1, queue::take);
    assertThat(queue.size()).isOne();
    queue.clear();
    queue.put("c");
    Doomed.dieAt(FailPoint.RING_CONSUMED, 1, queue::take);
    assertThat(queue.isEmpty()).isTrue();
    queue.destroy();
    base.awaitAgain();
  }

  private void play(Death death, int victims) throws Exception {
    SharedQueue<String> queue =
        death.capacity == UNBOUNDED ? SharedQueue.create() : SharedQueue.create(death.capacity);
    Ledger ledger = new Ledger(folder.resolve("ledger"), 1 + victims, 1 << 20);
    try (Survivors survivors = new Survivors(queue, ledger, 0)) {
      if (victims == 2) {
        firstDeath(death.role, queue, ledger);
      }
      if (death.company.hasWriter()) {
        survivors.startWriter();
      }
      if (death.company.hasReader()) {
        survivors.startReader();
      }
      Doomed.dieAt(death.point, death.visit, new Victim(queue, ledger, death.role, victims));
      if (!death.company.hasWriter()) {
        survivors.startWriter();
      }
      if (!death.company.hasReader()) {
        survivors.startReader();
      }
      survivors.goOnAndEnd(MESSAGES_AFTERWARDS);
      ledger.verify(victims * death.role.mostHeld());
    } finally {
      queue.destroy();
    }
    base.awaitAgain();
  }

  /// Leaves the lock of the role's side with a dead owner, and messages in the queue.
  private static void firstDeath(Role role, SharedQueue<String> queue, Ledger ledger)
      throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      int number = ledger.begin(0);
      queue.put(new Parcel(0, number).toText());
      ledger.done(0, number);
    }
    FailPoint point = role == Role.PUTS ? FailPoint.RING_SEGMENT_LINKED : FailPoint.RING_HEAD_MOVED;
    Doomed.dieAt(point, 2, new Victim(queue, ledger, role, 1));
  }
}
