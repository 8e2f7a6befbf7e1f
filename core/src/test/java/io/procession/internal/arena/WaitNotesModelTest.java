package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.WaitNotes.Note;
import io.procession.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Notes of waits, in all orders of writers, a reader and a burial, with a death at any step: what is
/// still there when it is looked at again was noted by one thread, of one wait.
@Tag("model")
class WaitNotesModelTest {
  private static final int WAITS = 2;

  /// Waits for one lock after the other; the generation tells whose wait it is, and which.
  private static void waitInTurn(Session self) {
    for (int i = 0; i < WAITS; i++) {
      int slot = self.waits().put(new CellRef(self.id(), i, generation(self.self(), i)));
      assertThat(slot).isNotEqualTo(WaitNotes.NONE);
      self.waits().remove(slot);
    }
  }

  private static int generation(int participant, int wait) {
    return participant * WAITS + wait;
  }

  private static void look(Session self) {
    for (Note note : self.waits().all()) {
      if (self.waits().isStillThere(note)) {
        assertThat(note.generation()).isEqualTo(generation(note.participant(), note.cell()));
      }
    }
  }

  @Test
  void whatIsStillThereIsOneWait() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Session root = run.arena().root();
              Session waiter = run.arena().enroll("waiter");
              run.actor("waiter", () -> waitInTurn(waiter));
              run.actor("reader", () -> look(root));
              return () -> assertThat(root.waits().inUse()).isZero();
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void theDeadLeaveNoneAndTakeNoneOfTheLiving() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Session root = run.arena().root();
              Session mortal = run.arena().enroll("mortal");
              Session waiter = run.arena().enroll("waiter");
              run.mortal("mortal", mortal, () -> waitInTurn(mortal));
              run.actor(
                  "waiter",
                  () -> {
                    int slot =
                        waiter
                            .waits()
                            .put(new CellRef(waiter.id(), 0, generation(waiter.self(), 0)));
                    look(waiter);
                    assertThat(waiter.waits().all())
                        .as("its own")
                        .anyMatch(note -> note.participant() == waiter.self());
                    waiter.waits().remove(slot);
                  });
              return () -> assertThat(root.waits().inUse()).isZero();
            });
    assertThat(runs).isGreaterThan(100);
  }
}
