package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An event in all orders of a few participants' steps, with a death at any of them: it lets all go on
/// who waited before it was set.
@Tag("model")
class EventModelTest {
  private static CellRef allocate(Run run) {
    Directory directory = run.arena().root().directory();
    return directory.ref(directory.allocate(CellKind.EVENT, "modelled"));
  }

  @Test
  void allGoOnOnceItIsSet() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              CellRef ref = allocate(run);
              Session root = run.arena().root();
              for (String name : new String[] {"first", "second"}) {
                Session self = run.arena().enroll(name);
                run.actor(name, () -> SharedEvent.attach(self, ref).awaitUninterruptibly());
              }
              run.actor("root", () -> SharedEvent.attach(root, ref).set());
              return () -> assertThat(SharedEvent.attach(root, ref).isSet()).isTrue();
            });
    assertThat(runs).isGreaterThan(50);
  }

  @Test
  void whoWaitedBeforeGoesOnThoughItIsClearedAtOnce() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              CellRef ref = allocate(run);
              Session root = run.arena().root();
              Session self = run.arena().enroll("waiter");
              run.actor("waiter", () -> SharedEvent.attach(self, ref).awaitUninterruptibly());
              run.actor(
                  "root",
                  () -> {
                    SharedEvent event = SharedEvent.attach(root, ref);
                    event.set();
                    event.clear();
                    event.set(); // for a waiter that came late
                  });
              return () -> assertThat(SharedEvent.attach(root, ref).isSet()).isTrue();
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aDeathLeavesNobodyStuck() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              CellRef ref = allocate(run);
              Session root = run.arena().root();
              Session mortal = run.arena().enroll("mortal");
              Session waiter = run.arena().enroll("waiter");
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    SharedEvent.attach(mortal, ref).set();
                    SharedEvent.attach(mortal, ref).awaitUninterruptibly();
                  });
              run.actor("waiter", () -> SharedEvent.attach(waiter, ref).awaitUninterruptibly());
              run.actor("root", () -> SharedEvent.attach(root, ref).set());
              return () -> assertThat(SharedEvent.attach(root, ref).isSet()).isTrue();
            });
    assertThat(runs).isGreaterThan(100);
  }
}
