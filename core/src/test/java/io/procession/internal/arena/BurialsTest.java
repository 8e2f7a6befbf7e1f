package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.ProcessIdentity;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of the children that a dead process leaves.
class BurialsTest {
  /// So many that to wait for each of them once, however shortly, takes longer than the test does.
  private static final int MANY = 2_000;

  private final Session session = Session.current();
  private final Participants participants = session.participants();
  private final Directory directory = session.directory();
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void deathOfOneAmongManyOrphansIsSeenInTheNextRound() throws Exception {
    int base = participants.inUse();
    Process fleeting = start();
    Process lasting = start();
    int parent = enroll("parent", fleeting); // any process that is known to be started
    List<Integer> orphans = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      orphans.add(enrollChild(parent, lasting));
    }
    int doomed = enrollChild(parent, fleeting);
    session.burials().bury(parent);
    assertThat(participants.isAlive(doomed)).isTrue();

    fleeting.destroyForcibly().waitFor();

    // by waiting for each, this would take 20 s
    await().atMost(Deadlines.MEDIUM).until(() -> !participants.isAlive(doomed));
    assertThat(orphans).allMatch(participants::isAlive);
    lasting.destroyForcibly().waitFor();
    await().atMost(Deadlines.LONG.multipliedBy(2)).until(() -> participants.inUse() <= base);
  }

  @Test
  void allThatDieAtOnceAreSeenBeforeTheFirstIsBuried() throws Exception {
    int base = participants.inUse();
    int parent = enroll("parent", start());
    List<Integer> orphans = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      orphans.add(enrollChild(parent, start()));
    }
    session.burials().bury(parent);

    for (Process process : processes) {
      process.destroyForcibly();
    }

    await().atMost(Deadlines.LONG).until(() -> orphans.stream().noneMatch(participants::isAlive));
    await().atMost(Deadlines.LONG.multipliedBy(2)).until(() -> participants.inUse() <= base);
  }

  /// Its children work at it without a reference, until their own end.
  @Test
  void whatTheDeadMadeForItsChildrenIsFreedWithTheLastOfThem() throws Exception {
    int base = participants.inUse();
    Process fleeting = start();
    Process lasting = start();
    int parent = enroll("parent", fleeting);
    int first = enrollChild(parent, fleeting);
    int last = enrollChild(parent, lasting);
    int board = cellOf(parent, CellKind.WORKER);
    int order = cellOf(parent, CellKind.LAUNCH);
    int event = cellOf(parent, CellKind.EVENT);
    CellRef known = directory.ref(board);
    fleeting.destroyForcibly().waitFor();

    session.burials().bury(parent);
    assertThat(participants.isAlive(last)).isTrue();
    await().atMost(Deadlines.LONG).until(() -> !participants.isOursToBury(first));
    assertThat(isFree(event)).isTrue();
    assertThat(directory.isThere(known)).as("can be had").isFalse();
    assertThat(isFree(board)).isFalse();
    assertThat(isFree(order)).isFalse();

    lasting.destroyForcibly().waitFor();
    await().atMost(Deadlines.LONG).until(() -> isFree(board) && isFree(order));
    await().atMost(Deadlines.LONG).until(() -> participants.inUse() <= base);
  }

  @Test
  void whatADeadOneWithoutChildrenMadeForThemIsFreedAtOnce() throws Exception {
    Process fleeting = start();
    int parent = enroll("parent", fleeting);
    int board = cellOf(parent, CellKind.WORKER);
    fleeting.destroyForcibly().waitFor();
    session.burials().bury(parent);
    assertThat(isFree(board)).isTrue();
  }

  @Test
  void burialThatFailsIsDoneAgain() throws Exception {
    int base = participants.inUse();
    var burials = new Burials(participants, directory, session.holdings(), session.waits());
    AtomicInteger tries = new AtomicInteger();
    burials.setHeir(pipe -> {
      if (tries.getAndIncrement() == 0) {
        throw new IllegalStateException("expected");
      }
      boolean _ = directory.free(pipe);
    });
    Process fleeting = start();
    int user = enroll("user", fleeting);
    int pipe = directory.allocate(CellKind.PIPE, "pipe");
    directory.addUserSets(pipe);
    directory.userSet(pipe, 0).add(user);
    directory.markSent(directory.ref(pipe));
    fleeting.destroyForcibly().waitFor();

    assertThatIllegalStateException().isThrownBy(() -> burials.bury(user)).withMessage("expected");
    await().atMost(Deadlines.LONG).until(() -> isFree(pipe) && participants.inUse() <= base);
    assertThat(tries).hasValue(2);
  }

  /// A cell that another participant has made and not sent.
  private int cellOf(int maker, CellKind kind) {
    int cell = directory.allocate(kind, "made for children");
    long state = CellLayout.state(directory.ref(cell).generation(), maker);
    Words.setLongVolatile(session.memory(), CellLayout.at(cell) + CellLayout.STATE_AT, state);
    return cell;
  }

  private boolean isFree(int cell) {
    long state = Words.getLongVolatile(session.memory(), CellLayout.at(cell) + CellLayout.STATE_AT);
    return CellLayout.tag(state) == 0;
  }

  private Process start() throws Exception {
    Process process = new ProcessBuilder("sleep", "1000").start();
    processes.add(process);
    return process;
  }

  private int enroll(String name, Process process) {
    int participant = participants.enroll(name);
    participants.started(participant, ProcessIdentity.of(process.pid()));
    return participant;
  }

  private int enrollChild(int parent, Process process) {
    int child = enroll("orphan", process);
    Words.setIntVolatile(
        session.memory(), ParticipantLayout.at(child) + ParticipantLayout.PARENT_AT, parent);
    return child;
  }
}
