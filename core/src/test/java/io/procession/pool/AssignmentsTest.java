package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Who is given tasks.
class AssignmentsTest {
  private final Assignments assignments = new Assignments(new Journal("pool", null));

  @Test
  void workerThatWasBuriedAsItWasHiredIsGivenNothing() {
    Desk buried = new Desk(new SilentWorker());
    assertThat(assignments.leave(buried)).isEmpty();
    assignments.enter(buried);
    assertThat(assignments.desks()).isEmpty();
    Desk living = new Desk(new SilentWorker());
    assignments.enter(living);
    assertThat(assignments.desks()).containsExactly(living);
  }
}
