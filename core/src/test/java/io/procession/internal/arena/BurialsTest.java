package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.ProcessIdentity;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of the children that a dead process leaves.
class BurialsTest {
  /// So many that to wait for each of them once, however shortly, takes longer than the test does.
  private static final int MANY = 2_000;

  private final Session session = Session.current();
  private final Participants participants = session.participants();
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
