package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that waits for any of several objects, or one that makes such an object ready, is killed at
/// each point where it leaves shared words in a state of their own: all others see what there is.
@Tag("platforms")
class WaitCrashIT {
  private final Base base = Base.now();
  private final SharedQueue<String> queue = SharedQueue.create();
  private final SharedQueue<String> other = SharedQueue.create();

  @AfterEach
  void everythingIsGivenBack() {
    queue.destroy();
    other.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {"RING_WATCH_CLEARED", "RING_WATCHER_TAKEN", "WATCH_BELL_RUNG"})
  void watcherSeesWhatTheDeadHasPut(FailPoint point) throws Exception {
    SharedQueue<String> shared = queue;
    JvmProcess victim =
        start(
            point,
            () -> {
              while (true) {
                if (shared.isEmpty()) {
                  shared.put("x");
                }
                Thread.sleep(2);
              }
            });
    int taken = 0;
    while (victim.isAlive()) {
      if (Waitable.awaitAny(List.of(other, queue, victim)).contains(queue)) {
        assertThat(queue.take()).isEqualTo("x");
        taken++;
      }
    }
    assertThat(taken).isPositive();
    assertKilled(victim);
    queue.clear();
    othersGoOn();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {"RING_WATCHER_ENTERED", "RING_WATCH_MARKED"})
  void deadWatcherTakesNoOthersRing(FailPoint point) throws Exception {
    SharedQueue<String> shared = queue;
    assertKilled(start(point, () -> Waitable.awaitAny(List.of(shared))));
    othersGoOn();
  }

  @Test
  void watcherThatIsKilledInItsSleepLeavesNothingBehind() throws Exception {
    SharedQueue<String> shared = queue;
    SharedQueue<String> asleep = other;
    JvmProcess victim =
        JvmProcess.of(() -> {
          asleep.put("about to wait");
          Waitable.awaitAny(List.of(shared));
        });
    victim.start();
    assertThat(other.take()).isEqualTo("about to wait");
    victim.kill();
    assertKilled(victim);
    othersGoOn();
  }

  @Test
  void deathOfTheFarEndsOnlyProcessIsTheEndOfTheStream() throws Exception {
    Pipe pipe = Pipe.oneWay();
    var sender = pipe.second();
    JvmProcess victim =
        JvmProcess.of(() -> {
          sender.send("alive");
          Thread.sleep(Deadlines.LONG);
        });
    victim.start();
    pipe.second().close();
    assertThat(Waitable.awaitAny(List.of(other, pipe.first()))).containsExactly(pipe.first());
    assertThat(pipe.first().recv()).isEqualTo("alive");
    victim.kill();
    assertThat(Waitable.awaitAny(List.of(other, pipe.first()))).containsExactly(pipe.first());
    assertThat(Waitable.awaitAny(List.of(other, victim))).containsExactly(victim);
    assertKilled(victim);
    pipe.close();
  }

  /// A watcher sees what a fresh process puts.
  private void othersGoOn() throws InterruptedException {
    SharedQueue<String> shared = queue;
    JvmProcess writer = JvmProcess.of(() -> shared.put("y"));
    writer.start();
    assertThat(Waitable.awaitAny(List.of(other, queue), Deadlines.LONG)).isEqualTo(Set.of(queue));
    assertThat(queue.take()).isEqualTo("y");
    writer.close();
  }

  private static JvmProcess start(FailPoint point, SerializableRunnable task) {
    LaunchOptions options =
        LaunchOptions.defaults().withSystemProperty("procession.crash", point.name());
    JvmProcess process = JvmProcess.of("doomed", options, task);
    process.start();
    return process;
  }

  private static void assertKilled(JvmProcess process) throws InterruptedException {
    assertThat(process.join(Deadlines.LONG)).isTrue();
    assertThat(process.exitCode()).hasValue(-9);
  }
}
