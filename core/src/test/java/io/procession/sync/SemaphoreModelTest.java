package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The semaphore in all orders of a few participants' steps, with a death at any of them: no permit
/// comes from nowhere, none is lost but by a death, and nobody sleeps while there are enough.
@Tag("model")
class SemaphoreModelTest {
  private static final class Slots {
    final Session root;
    final CellRef ref;

    Slots(Run run, int permits) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.ref = directory.ref(directory.allocate(CellKind.SEMAPHORE, "slots"));
      new SemaphoreWord(root, ref, false).permits().setUp(permits, Integer.MAX_VALUE);
    }

    SharedSemaphore by(Session self) {
      return SharedSemaphore.attach(self, ref);
    }
  }

  @Test
  void threeShareOnePermit() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Slots slots = new Slots(run, 1);
              for (int i = 0; i < 3; i++) {
                Session self = i == 0 ? slots.root : run.arena().enroll("other");
                run.actor(
                    "actor-" + i,
                    () -> {
                      slots.by(self).acquireUninterruptibly();
                      slots.by(self).release();
                    });
              }
              return () -> assertThat(slots.by(slots.root).drainPermits()).isOne();
            });
    assertThat(runs).isGreaterThan(200);
  }

  @Test
  void twoReleasesReachTwo() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Slots slots = new Slots(run, 0);
              Session first = run.arena().enroll("first");
              Session second = run.arena().enroll("second");
              run.actor("first", () -> slots.by(first).acquireUninterruptibly());
              run.actor("second", () -> slots.by(second).acquireUninterruptibly());
              run.actor(
                  "root",
                  () -> {
                    slots.by(slots.root).release();
                    slots.by(slots.root).release();
                  });
              return () -> assertThat(slots.by(slots.root).drainPermits()).isZero();
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void oneWhoWantsTwoAndOneWhoWantsOneBothGetThem() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Slots slots = new Slots(run, 0);
              Session greedy = run.arena().enroll("greedy");
              Session modest = run.arena().enroll("modest");
              run.actor("greedy", () -> slots.by(greedy).acquireUninterruptibly(2));
              run.actor("modest", () -> slots.by(modest).acquireUninterruptibly());
              run.actor(
                  "root",
                  () -> {
                    slots.by(slots.root).release();
                    slots.by(slots.root).release(2);
                  });
              return () -> assertThat(slots.by(slots.root).drainPermits()).isZero();
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void theDeadSwallowNoCall() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Slots slots = new Slots(run, 0);
              Session mortal = run.arena().enroll("mortal");
              Session other = run.arena().enroll("other");
              run.mortal("mortal", mortal, () -> slots.by(mortal).acquireUninterruptibly());
              run.actor("other", () -> slots.by(other).acquireUninterruptibly());
              run.actor(
                  "root",
                  () -> {
                    slots.by(slots.root).release();
                    slots.by(slots.root).release();
                  });
              return () -> {
                int left = slots.by(slots.root).drainPermits();
                assertThat(left).isBetween(0, run.isSomeoneDead() ? 1 : 0);
              };
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void aReleaseByOneWhoDiesReachesTheOtherOrDidNotHappen() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Slots slots = new Slots(run, 0);
              Session mortal = run.arena().enroll("mortal");
              Session other = run.arena().enroll("other");
              run.mortal("mortal", mortal, () -> slots.by(mortal).release());
              run.actor("other", () -> slots.by(other).acquireUninterruptibly());
              run.actor("root", () -> slots.by(slots.root).release());
              return () -> assertThat(slots.by(slots.root).drainPermits()).isBetween(0, 1);
            });
    assertThat(runs).isGreaterThan(100);
  }

  /// One releases by plain stores, the other by compare-and-set, while two acquire.
  @Test
  void whatTheRegularAndAnotherReleaseAddsUp() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Slots slots = new Slots(run, 0);
              SharedSemaphore regular = slots.by(slots.root);
              Session other = run.arena().enroll("other");
              Session taker = run.arena().enroll("taker");
              run.actor(
                  "regular",
                  () -> {
                    regular.release();
                    regular.release(2);
                  });
              run.actor("other", () -> slots.by(other).release());
              run.actor(
                  "taker",
                  () -> {
                    slots.by(taker).acquireUninterruptibly(2);
                    slots.by(taker).acquireUninterruptibly();
                  });
              return () -> assertThat(slots.by(slots.root).drainPermits()).isOne();
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aNewRegularGoesOnWhereADeadOneStopped() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Slots slots = new Slots(run, 0);
              Session mortal = run.arena().enroll("mortal");
              Session taker = run.arena().enroll("taker");
              SharedSemaphore its = slots.by(mortal);
              SharedSemaphore ours = slots.by(slots.root);
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    its.release();
                    its.release();
                  });
              run.actor("taker", () -> slots.by(taker).acquireUninterruptibly(2));
              run.actor(
                  "root",
                  () -> {
                    ours.release();
                    ours.release();
                  });
              return () -> {
                int left = ours.drainPermits();
                assertThat(left).isBetween(run.isSomeoneDead() ? 0 : 2, 2);
              };
            });
    assertThat(runs).isGreaterThan(500);
  }

  /// Not even for a moment more than the most: two bring one permit each where one is missing.
  @Test
  void ofTwoReleasesOneIsTooMany() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Session root = run.arena().root();
              Directory directory = root.directory();
              CellRef ref = directory.ref(directory.allocate(CellKind.BOUNDED_SEMAPHORE, "slots"));
              Permits permits = new SemaphoreWord(root, ref, true).permits();
              permits.setUp(1, 1);
              assertThat(permits.take(1)).isTrue();
              Session other = run.arena().enroll("other");
              var refused = new AtomicInteger();
              for (Session self : List.of(root, other)) {
                run.actor(
                    "actor-" + self.self(),
                    () -> {
                      if (!new Permits(self, ref, true).bring(1)) {
                        refused.incrementAndGet();
                      }
                    });
              }
              return () -> {
                assertThat(refused).hasValue(1);
                assertThat(permits.available()).isOne();
              };
            });
    assertThat(runs).isGreaterThan(20);
  }
}
