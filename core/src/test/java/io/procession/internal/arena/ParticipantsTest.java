package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.posix.ProcessIdentity;
import org.junit.jupiter.api.Test;

/// Rows of the participant table and the sets of those who use something.
class ParticipantsTest {
  private final Session session = Session.current();
  private final Participants participants = session.participants();

  @Test
  void nameOfAFormerTenantIsDeadForEver() {
    int base = participants.inUse();
    int former = participants.enroll("former");
    assertThat(participants.isAlive(former)).isTrue();
    assertThat(participants.probe(former)).as("its parent answers for it").isTrue();
    assertThat(participants.name(former)).isEqualTo("former");
    session.burials().bury(former);
    int next = participants.enroll("next");
    assertThat(ParticipantLayout.row(next)).isEqualTo(ParticipantLayout.row(former));
    assertThat(next).isNotEqualTo(former).isPositive();
    assertThat(participants.isAlive(former)).isFalse();
    assertThat(participants.name(former)).isEqualTo("-");
    participants.declareDead(former);
    assertThat(participants.isAlive(next)).isTrue();
    session.burials().bury(next);
    assertThat(participants.inUse()).isEqualTo(base);
  }

  @Test
  void probeFindsOutAndRings() {
    int participant = participants.enroll("gone");
    participants.started(participant, new ProcessIdentity(ProcessHandle.current().pid(), 1));
    int heard = session.waiting().bell();
    assertThat(participants.isAlive(participant)).isTrue();
    assertThat(participants.probe(participant)).isFalse();
    assertThat(participants.isAlive(participant)).isFalse();
    assertThat(session.waiting().bell()).isGreaterThan(heard);
    session.burials().bury(participant);
  }

  @Test
  void buriedLeavesEveryUserSet() {
    int cell = session.directory().allocate(CellKind.PIPE, "used");
    long at = Units.offset(session.units().allocate(cell, 1));
    session.directory().setUserSets(cell, at, 2);
    UserSet first = new UserSet(session.memory(), at);
    UserSet second = new UserSet(session.memory(), at + UserSet.BYTES);
    assertThat(first.isAbandoned()).as("never used").isFalse();
    int user = participants.enroll("user");
    first.add(session.self());
    second.add(user);
    session.burials().bury(user);
    assertThat(first.isAbandoned()).isFalse();
    assertThat(second.isAbandoned()).isTrue();
    assertThat(first.remove(session.self())).isTrue();
    assertThat(first.remove(session.self())).isFalse();
    assertThat(first.isAbandoned()).isTrue();
    session.directory().free(session.directory().ref(cell));
  }
}
