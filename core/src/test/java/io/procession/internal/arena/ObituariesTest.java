package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.ProcessIdentity;
import io.procession.testing.Deadlines;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can be told of the dead when their rows have other tenants.
class ObituariesTest {
  private final Session session = Session.current();
  private final Participants participants = session.participants();

  private int enrollOneThatIsGone(String name) {
    int participant = participants.enroll(name);
    participants.started(participant, new ProcessIdentity(4711, 1));
    return participant;
  }

  @ParameterizedTest
  @CsvSource({
    "EXITED, 3, exited with code 3",
    "SIGNALLED, 9, killed by SIGKILL",
    "EXITED_OR_SIGNALLED, 137, exited with code 137 or was killed by SIGKILL",
    "GONE, 0, gone: how it ended is not known"
  })
  void itIsToldHowAProcessEnded(ProcessFate.Kind kind, int code, String how) {
    int dead = enrollOneThatIsGone("late");
    session.burials().bury(dead, new ProcessFate(kind, code));
    int tenant = enrollOneThatIsGone("tenant");
    assertThat(ParticipantLayout.row(tenant)).isEqualTo(ParticipantLayout.row(dead));
    assertThat(participants.fate(dead, 0)).isEqualTo("pid 4711 (late), " + how);
    session.burials().bury(tenant);
    assertThat(participants.fate(tenant, 0)).startsWith("pid 4711 (tenant), gone");
  }

  @Test
  void whoSawTheAbsenceFirstWaitsForTheParent() throws Exception {
    int dead = enrollOneThatIsGone("unreaped");
    assertThat(participants.probe(dead)).isFalse();
    assertThat(participants.fate(dead, 0))
        .isEqualTo("pid 4711 (unreaped), gone: how it ended is not known");
    FutureTask<String> told =
        new FutureTask<>(() -> participants.fate(dead, Deadlines.LONG.toNanos()));
    Thread asker = Thread.ofVirtual().start(told);
    await().atMost(Deadlines.LONG).until(() -> asker.getState() == Thread.State.TIMED_WAITING);
    session.burials().bury(dead, new ProcessFate(ProcessFate.Kind.SIGNALLED, 15));
    assertThat(told.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .isEqualTo("pid 4711 (unreaped), killed by SIGTERM");
  }

  @Test
  void oneThatNeverCameToBeHasNoEnd() {
    int dead = participants.enroll("unborn");
    session.burials().bury(dead);
    assertThat(participants.fate(dead, 0))
        .isEqualTo("pid 0 (unborn), gone: how it ended is not known");
  }

  @Test
  void onlyTheLatestAreKept() {
    int first = enrollOneThatIsGone("first");
    session.burials().bury(first, new ProcessFate(ProcessFate.Kind.EXITED, 1));
    for (int i = 0; i < Obituaries.SLOTS; i++) {
      session.burials().bury(enrollOneThatIsGone("one of many"));
    }
    assertThat(participants.fate(first, Deadlines.LONG.toNanos()))
        .isEqualTo("one of the session that is long gone");
  }
}
