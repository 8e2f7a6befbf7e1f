package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who ends with whom.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LifetimeIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 6);

  /// Longer than a daemon has until its hooks begin.
  private static final long HOOK_NANOS = 2_500_000_000L;

  /// Starts of four processes at once.
  private static final int ROUNDS = 6;

  @TempDir Path folder;

  @Test
  void killedParentTakesChildrenAndGrandchildrenAlong() throws Exception {
    try (ChildJvm parent = ChildJvm.body(LifetimeIT::startTree).start()) {
      parent.awaitLine("grandchild runs");
      parent.kill();
      parent.join();
      awaitNobody(parent);
    }
  }

  static IntStream killedParentLeavesNobodyAtAnyMoment() {
    return IntStream.rangeClosed(1, KILLS);
  }

  @ParameterizedTest
  @MethodSource
  void killedParentLeavesNobodyAtAnyMoment(int seed) throws Exception {
    Random random = new Random(seed);
    try (ChildJvm parent = ChildJvm.body(LifetimeIT::startManyTrees).start()) {
      parent.awaitLine("starting");
      TimeUnit.MILLISECONDS.sleep(random.nextInt(300)); // the moment is the test's input
      parent.kill();
      parent.join();
      awaitNobody(parent);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PARTICIPANT_CLAIMED",
        "CELL_CLAIMED",
        "CELL_NAMED",
        "UNITS_NOTED",
        "UNIT_CLAIMED",
        "PARTICIPANT_STARTED",
        "PARTICIPANT_DEAD",
        "PARTICIPANT_RENAMED",
        "PARTICIPANT_FREED",
        "CELL_RECLAIMED",
        "UNIT_RECLAIMED",
        "UNIT_FREED",
        "CELL_FREED"
      })
  void processKilledWhileItStartsOrBuriesAChildLeavesNothing(String point) throws Exception {
    Session session = Session.current();
    int cells = session.directory().inUse();
    int units = session.units().inUse();
    int rows = session.participants().inUse();
    JvmProcess middle =
        JvmProcess.of(
            LaunchOptions.defaults().withSystemProperty("procession.crash", point),
            () -> {
              JvmProcess inner = JvmProcess.of(() -> {});
              inner.start();
              inner.join();
            });
    middle.start();
    middle.join();
    assertThat(middle.exitCode()).as("killed at %s", point).hasValue(-9);
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> {
          assertThat(session.participants().inUse()).isLessThanOrEqualTo(rows);
          assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
          assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
        });
  }

  @Test
  void normalEndJoinsChildrenAndTerminatesDaemons() throws Exception {
    String go = folder.resolve("go").toString();
    try (ChildJvm parent = ChildJvm.body(() -> startBothAndReturn(go)).start()) {
      parent.awaitLine("daemon runs");
      parent.awaitLine("other runs");
      parent.awaitLine("main returns");
      assertThat(parent.isAlive()).isTrue();
      Files.createFile(Path.of(go));
      parent.succeed();
      assertThat(parent.out()).contains("other ends").contains("daemon ended by its hook");
      assertThat(parent.out().indexOf("other ends"))
          .isLessThan(parent.out().indexOf("daemon ended by its hook"));
      awaitNobody(parent);
    }
  }

  @Test
  void exitOfTheParentEndsAll() throws Exception {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  startTree();
                  System.in.read();
                  System.exit(5);
                })
            .start()) {
      parent.awaitLine("grandchild runs");
      parent.send("");
      assertThat(parent.join()).isEqualTo(5);
      awaitNobody(parent);
    }
  }

  @Test
  void terminatedParentEndsAll() throws Exception {
    try (ChildJvm parent = ChildJvm.body(LifetimeIT::startTree).start()) {
      parent.awaitLine("grandchild runs");
      parent.terminate();
      assertThat(parent.join()).isEqualTo(143);
      awaitNobody(parent);
    }
  }

  @Test
  void endIsNotHeldUpByAHookThatHangs() throws Exception {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  JvmProcess.of(
                          () -> {
                            Thread hook = new Thread(LifetimeIT::sleep);
                            Runtime.getRuntime().addShutdownHook(hook);
                            System.out.println("hook is set");
                            sleep();
                          })
                      .start();
                  sleep();
                })
            .start()) {
      parent.awaitLine("hook is set");
      parent.kill();
      parent.join();
      awaitNobody(parent);
    }
  }

  @Test
  void childIgnoresInterruptsOfTheTerminal() throws Exception {
    JvmProcess process = JvmProcess.of(LifetimeIT::sleep);
    process.start();
    await().atMost(Deadlines.LONG).until(() -> Descendants.isJava(process.pid()));
    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
    assertThat(process.join(Deadlines.SHORT)).isFalse();
    process.kill();
    process.join();
  }

  @Test
  void standardInputOfAChildIsEmpty() throws Exception {
    JvmProcess process = JvmProcess.of(() -> System.exit(System.in.read() + 1));
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
  }

  @Test
  void manyStartsLeaveNothing() throws Exception {
    Session session = Session.current();
    int cells = session.directory().inUse();
    int rows = session.participants().inUse();
    int units = session.units().inUse();
    for (int round = 0; round < ROUNDS; round++) {
      JvmProcess[] four = new JvmProcess[4];
      for (int i = 0; i < four.length; i++) {
        four[i] = JvmProcess.of(() -> {});
        four[i].start();
      }
      for (JvmProcess process : four) {
        process.join();
        assertThat(process.exitCode()).hasValue(0);
      }
    }
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
    assertThat(session.participants().inUse()).isLessThanOrEqualTo(rows);
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    assertThat(JvmProcess.activeChildren()).isEmpty();
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static void awaitNobody(ChildJvm parent) {
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> assertThat(Descendants.of(parent.pid())).isEmpty());
  }

  private static void startTree() {
    JvmProcess.of(
            () -> {
              JvmProcess.of(
                      () -> {
                        System.out.println("grandchild runs");
                        sleep();
                      })
                  .start();
              sleep();
            })
        .start();
  }

  private static void startManyTrees() {
    System.out.println("starting");
    while (JvmProcess.activeChildren().size() < 12) {
      JvmProcess.of(
              () -> {
                JvmProcess.of(LifetimeIT::sleep).start();
                sleep();
              })
          .start();
    }
    sleep();
  }

  private static void startBothAndReturn(String go) {
    JvmProcess daemon =
        JvmProcess.of(() -> {
          Thread hook =
              new Thread(() -> {
                LockSupport.parkNanos(HOOK_NANOS);
                System.out.println("daemon ended by its hook");
              });
          Runtime.getRuntime().addShutdownHook(hook);
          System.out.println("daemon runs");
          sleep();
        });
    daemon.setDaemon(true);
    daemon.start();
    JvmProcess.of(
            () -> {
              System.out.println("other runs");
              await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(go)));
              System.out.println("other ends");
            })
        .start();
    System.out.println("main returns");
  }

  private static void sleep() {
    try {
      TimeUnit.HOURS.sleep(1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
