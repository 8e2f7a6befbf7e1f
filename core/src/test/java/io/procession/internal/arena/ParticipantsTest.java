package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(participants.inUse()).isLessThanOrEqualTo(base);
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
    session.directory().addUserSets(cell);
    session.directory().markSent(session.directory().ref(cell));
    UserSet first = session.directory().userSet(cell, 0);
    UserSet second = session.directory().userSet(cell, 1);
    int user = participants.enroll("user");
    first.add(session.self());
    second.add(user);
    session.burials().bury(user);
    assertThat(first.isEmpty()).isFalse();
    assertThat(second.isEmpty()).isTrue();
    assertThat(first.remove(session.self())).isTrue();
    assertThat(first.remove(session.self())).isFalse();
    assertThat(first.isEmpty()).isTrue();
    session.directory().free(session.directory().ref(cell));
  }

  @Test
  void secondBurialIsNoneOfTheNextTenantsBusiness() {
    int cell = session.directory().allocate(CellKind.PIPE, "used by the next");
    session.directory().addUserSets(cell);
    session.directory().markSent(session.directory().ref(cell));
    int former = participants.enroll("former");
    session.burials().bury(former);
    int next = participants.enroll("next");
    assertThat(ParticipantLayout.row(next)).isEqualTo(ParticipantLayout.row(former));
    session.directory().userSet(cell, 0).add(next);
    session.burials().bury(former);
    assertThat(participants.isAlive(next)).isTrue();
    assertThat(session.directory().userSet(cell, 0).isEmpty()).isFalse();
    int another = participants.enroll("another");
    assertThat(ParticipantLayout.row(another)).isNotEqualTo(ParticipantLayout.row(next));
    session.burials().bury(another);
    session.burials().bury(next);
    assertThat(session.directory().userSet(cell, 0).isEmpty()).isTrue();
    session.directory().free(session.directory().ref(cell));
  }

  /// A burial reads where a set lies, is stopped, and takes the dead out when the set is another's.
  @Test
  void staleRemovalTouchesNothingOfTheNextObject() {
    Directory directory = session.directory();
    int cell = directory.allocate(CellKind.PIPE, "former");
    directory.addUserSets(cell);
    UserSet stale = directory.userSet(cell, 0);
    int dead = participants.enroll("dead");
    stale.add(dead);
    directory.free(directory.ref(cell));
    int next = directory.allocate(CellKind.PIPE, "next");
    directory.addUserSets(next);
    UserSet users = directory.userSet(next, 0);
    users.add(session.self());
    assertThat(stale.remove(session.self())).as("the same memory").isTrue();
    assertThat(users.isEmpty()).isTrue();
    users.add(session.self());
    assertThat(stale.remove(dead)).isFalse();
    assertThat(users.remove(session.self())).isTrue();
    directory.free(directory.ref(next));
    session.burials().bury(dead);
  }

  @Test
  void setHoldsEveryRow() {
    Directory directory = session.directory();
    int cell = directory.allocate(CellKind.PIPE, "crowded");
    directory.addUserSets(cell);
    UserSet crowded = directory.userSet(cell, 0);
    UserSet beside = directory.userSet(cell, 1);
    Words.setIntVolatile(
        session.memory(), HeaderLayout.ROWS_USED_AT, ParticipantLayout.ROWS); // it errs upwards
    for (int row = 0; row < ParticipantLayout.ROWS; row++) {
      crowded.add(ParticipantLayout.participant(row, 1));
    }
    for (int row = 0; row < ParticipantLayout.ROWS; row++) {
      assertThat(crowded.isEmpty()).isFalse();
      assertThat(crowded.remove(ParticipantLayout.participant(row, 1))).isTrue();
    }
    assertThat(crowded.isEmpty()).isTrue();
    assertThat(beside.isEmpty()).isTrue();
    directory.free(directory.ref(cell));
  }

  @Test
  void lateChildIsRefused() {
    int late = participants.enroll("late");
    Membership child = new Membership(session.arenaPath(), session.id(), late);
    assertThat(Session.join(child).self()).isEqualTo(late);
    participants.declareDead(late);
    assertThatThrownBy(() -> Session.join(child)).hasMessageContaining("counts as dead");
    session.burials().bury(late);
    int next = participants.enroll("next");
    assertThatThrownBy(() -> Session.join(child)).hasMessageContaining("counts as dead");
    session.burials().bury(next);
  }
}
