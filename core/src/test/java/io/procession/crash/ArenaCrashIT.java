package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.process.JvmProcess;
import io.procession.testing.Deadlines;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that allocates, frees, starts children or buries them is killed at each point where it
/// leaves shared words in a state of their own. Nothing is left, and the others allocate and free.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ArenaCrashIT {
  private static final int UNITS = 5;

  private final Base base = Base.now();
  private final Session session = Session.current();

  @AfterEach
  void nothingIsLeft() {
    base.awaitAgain();
    freshMemoryIsZero();
    base.awaitAgain();
  }

  @ParameterizedTest
  @CsvSource({
    "CELL_CLAIMED, 1",
    "CELL_NAMED, 1",
    "USER_SETS_CLAIMED, 1",
    "UNITS_NOTED, 1",
    "UNIT_CLAIMED, 1",
    "UNIT_CLAIMED, 3",
    "UNIT_CLAIMED, 5",
    "CELL_RECLAIMED, 1",
    "USER_SETS_FREED, 1",
    "UNIT_RECLAIMED, 1",
    "UNIT_RECLAIMED, 3",
    "UNIT_FREED, 1",
    "UNIT_FREED, 3",
    "CELL_EMPTIED, 1",
    "CELL_FREED, 1"
  })
  void whatADeadProcessHadOfItsOwnComesBack(FailPoint point, int visit) throws Exception {
    Doomed.dieAt(
        point,
        visit,
        () -> {
          Session here = Session.current();
          int cell = here.directory().allocate(CellKind.QUEUE, "own");
          here.directory().addUserSets(cell);
          here.directory().userSet(cell, 0).add(here.self());
          fill(cell, UNITS);
          here.directory().free(here.directory().ref(cell));
        });
  }

  /// The doomed one finds a gap that is too short, and lets go what it has claimed of it.
  @ParameterizedTest
  @CsvSource({"UNIT_LET_GO, 1", "UNIT_LET_GO, 2"})
  void whatADeadProcessWasLettingGoComesBack(FailPoint point, int visit) throws Exception {
    Directory directory = session.directory();
    int before = directory.allocate(CellKind.QUEUE, "before the gap");
    int gap = session.units().allocate(before, UNITS);
    int behind = directory.allocate(CellKind.QUEUE, "behind the gap");
    assertThat(session.units().allocate(behind, 1)).isEqualTo(gap + UNITS);
    directory.free(directory.ref(before));
    Doomed.dieAt(
        point,
        visit,
        () -> {
          Session here = Session.current();
          here.units().allocate(here.directory().allocate(CellKind.QUEUE, "own"), 2 * UNITS);
        });
    directory.free(directory.ref(behind));
  }

  @ParameterizedTest
  @CsvSource({
    "UNITS_NOTED, 1",
    "UNIT_CLAIMED, 1",
    "UNIT_CLAIMED, 5",
    "UNIT_RECLAIMED, 2",
    "UNIT_RECLAIMED, 5",
    "UNIT_FREED, 2",
    "UNIT_FREED, 5"
  })
  void whatADeadProcessAddedToASentObjectGoesWithTheObject(FailPoint point, int visit)
      throws Exception {
    Directory directory = session.directory();
    int cell = directory.allocate(CellKind.QUEUE, "sent");
    directory.markSent(directory.ref(cell));
    Doomed.dieAt(
        point,
        visit,
        () -> {
          int first = fill(cell, UNITS);
          Session.current().units().free(cell, first, UNITS);
        });
    assertThat(directory.isThere(directory.ref(cell))).isTrue();
    fill(cell, 1);
    directory.free(directory.ref(cell));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CELL_RECLAIMED", "UNIT_RECLAIMED", "UNIT_FREED", "CELL_EMPTIED", "CELL_FREED"})
  void whatADeadProcessHalfDestroyedIsDestroyed(FailPoint point) throws Exception {
    Directory directory = session.directory();
    int cell = directory.allocate(CellKind.QUEUE, "sent");
    fill(cell, UNITS);
    directory.markSent(directory.ref(cell));
    CellRef ref = directory.ref(cell);
    Doomed.dieAt(
        point,
        1,
        () -> {
          Directory here = Session.current().directory();
          here.free(here.ref(cell));
        });
    assertThat(directory.isThere(ref)).isFalse();
    assertThat(directory.free(ref)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = "CELL_SENT")
  void whatWasSentOutlivesItsMaker(FailPoint point) throws Exception {
    Directory directory = session.directory();
    int cell = directory.allocate(CellKind.LOCK, "sent");
    Doomed.dieAt(
        point,
        1,
        () -> {
          Directory here = Session.current().directory();
          here.markSent(here.ref(cell));
        });
    CellRef ref = directory.ref(cell);
    assertThat(directory.wasSent(cell)).isTrue();
    assertThat(directory.freeUnlessSent(ref)).isFalse();
    assertThat(directory.free(ref)).isTrue();
  }

  /// The doomed one starts a child that starts one of its own and leaves it behind.
  @ParameterizedTest
  @EnumSource(
      names = {
        "PARTICIPANT_CLAIMED",
        "PARTICIPANT_STARTED",
        "PARTICIPANT_DEAD",
        "PARTICIPANT_ADOPTED",
        "PARTICIPANT_RENAMED",
        "PARTICIPANT_FREED",
        "OBITUARY_BEGUN",
        "OBITUARY_WRITTEN",
        "DOORBELL_RUNG"
      })
  void whoeverIsLeftBehindIsBuried(FailPoint point) throws Exception {
    Doomed.dieAt(
        point,
        1,
        () -> {
          JvmProcess child =
              JvmProcess.of(() -> {
                JvmProcess.of(() -> Thread.sleep(Deadlines.LONG)).start();
                Runtime.getRuntime().halt(0);
              });
          child.start();
          child.join();
        });
  }

  /// Claims units for a cell and writes all over them; returns the first.
  private static int fill(int cell, int length) {
    Session here = Session.current();
    int first = here.units().allocate(cell, length);
    here.memory().asSlice(Units.offset(first), bytes(length)).fill((byte) -1);
    return first;
  }

  private void freshMemoryIsZero() {
    int cell = session.directory().allocate(CellKind.QUEUE, "fresh");
    long body = Directory.body(cell);
    for (int at = 0; at < 64; at += Long.BYTES) {
      assertThat(session.memory().get(ValueLayout.JAVA_LONG, body + at)).isZero();
    }
    int first = session.units().allocate(cell, 2 * UNITS);
    var memory = session.memory().asSlice(Units.offset(first), bytes(2 * UNITS));
    assertThat(memory.elements(ValueLayout.JAVA_LONG))
        .allMatch(word -> word.get(ValueLayout.JAVA_LONG, 0) == 0);
    session.directory().free(session.directory().ref(cell));
  }

  private static long bytes(int units) {
    return Units.offset(units) - Units.offset(0);
  }
}
