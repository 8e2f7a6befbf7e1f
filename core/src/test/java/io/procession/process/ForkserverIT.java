package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.context.Context;
import io.procession.internal.arena.Session;
import io.procession.pool.ProcessPool;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that were started ahead are like all others.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ForkserverIT {
  private static final Duration PATIENT = Deadlines.LONG.multipliedBy(2);

  @TempDir Path folder;

  private static int counter;

  @Test
  void eachServesOneProcessAndNoneStaysForLong() {
    try (ChildJvm parent =
        ChildJvm.body(ForkserverIT::eachServesOne)
            .flags("-Dprocession.forkserver.idle.millis=60000")
            .start()) {
      assertThat(parent.join(PATIENT)).as("%s", parent.err()).isZero();
    }
  }

  private static void eachServesOne() throws InterruptedException {
    Set<Long> served = new HashSet<>();
    warmUp(LaunchOptions.defaults());
    assertThat(JvmProcess.activeChildren()).isEmpty();
    for (int i = 0; i < 3; i++) {
      Set<Long> waiting = awaitSpare();
      JvmProcess process = start(LaunchOptions.defaults(), ForkserverIT::countsOne);
      assertThat(waiting).contains(process.pid());
      assertThat(served.add(process.pid())).isTrue();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
    System.setProperty("procession.forkserver.idle.millis", "100"); // they have stayed long enough
    await().atMost(PATIENT).until(() -> spares().isEmpty());
    await().atMost(PATIENT).until(() -> Session.current().participants().inUse() == 1);
  }

  @Test
  void processFromASpareIsLikeAnyOther() {
    succeed(() -> {
      warmUp(LaunchOptions.defaults());
      awaitSpare();
      long session = Session.current().id();
      JvmProcess parent = JvmProcess.currentProcess();
      JvmProcess process =
          JvmProcess.of(
              "it",
              forkserver(LaunchOptions.defaults()),
              () -> {
                assertThat(JvmProcess.currentProcess().name()).isEqualTo("it");
                assertThat(JvmProcess.currentProcess().isDaemon()).isFalse();
                assertThat(Session.current().id()).isEqualTo(session);
                assertThat(StartMethod.current()).isEqualTo(StartMethod.SPAWN);
                System.exit(17);
              });
      process.start();
      assertThat(JvmProcess.activeChildren()).contains(process);
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(17);
      assertThat(process.certificate().orElseThrow().sentence())
          .startsWith("it (pid " + process.pid() + ") exited with code 17");
      assertThat(parent.name()).isEqualTo("main");

      awaitSpare();
      JvmProcess sleeper = start(LaunchOptions.defaults(), () -> Thread.sleep(60_000));
      sleeper.terminate();
      sleeper.join();
      assertThat(sleeper.exitCode()).as("%s", sleeper.certificate()).hasValue(-15);
    });
  }

  @Test
  void spareThatDiesWhileItWaitsCostsNobodyAnything() {
    succeed(() -> {
      warmUp(LaunchOptions.defaults());
      for (int i = 0; i < 2; i++) {
        for (long spare : awaitSpare()) {
          ProcessHandle.of(spare).ifPresent(ForkserverIT::end);
        }
        JvmProcess process = start(LaunchOptions.defaults(), () -> {});
        process.join();
        assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
      }
    });
  }

  /// Returns when it is dead: who is killed as soon as it is somebody is not merely a spare that has died.
  private static void end(ProcessHandle spare) {
    assertThat(spare.destroyForcibly()).isTrue();
    spare.onExit().join();
  }

  /// What share of the memory a process has depends on how many there are, so a burst brings forth several kinds.
  @Test
  void kindsDoNotTakeRoomFromEachOtherForEver() {
    succeed(() -> {
      LaunchOptions one = LaunchOptions.defaults().withSystemProperty("mine", "1");
      LaunchOptions two = LaunchOptions.defaults().withSystemProperty("mine", "2");
      LaunchOptions three = LaunchOptions.defaults().withSystemProperty("mine", "3");
      for (LaunchOptions options : List.of(one, two, three)) {
        warmUp(options);
      }
      int room = Math.max(1, Runtime.getRuntime().availableProcessors() - 1) + 1;
      assumeThat(room).as("room for fewer spares than kinds").isLessThan(3);
      await().atMost(PATIENT).until(() -> Spares.own().ready() == room);
      Set<Long> waiting = spares();
      await().during(Duration.ofSeconds(2)).atMost(PATIENT).until(() -> spares().equals(waiting));
    });
  }

  @Test
  void spareIsOfItsOptionsAndOfTheClassPathAsItIs() throws Exception {
    Path entry = Files.createDirectory(folder.resolve("classes"));
    String path = entry.toString();
    succeed(() -> {
      LaunchOptions one =
          LaunchOptions.defaults().withSystemProperty("mine", "1").withClassPath(Path.of(path));
      warmUp(one);
      Set<Long> waiting = awaitSpare();
      JvmProcess other =
          start(
              one.withEnvironment("MINE", "2"),
              () -> {
                assertThat(System.getProperty("mine")).isEqualTo("1");
                assertThat(System.getenv("MINE")).isEqualTo("2");
              });
      assertThat(waiting).doesNotContain(other.pid());
      String there = path;
      JvmProcess elsewhere =
          start(
              one.withWorkingFolder(Path.of(there)),
              () -> assertThat(System.getProperty("user.dir")).isEqualTo(there));
      assertThat(waiting).doesNotContain(elsewhere.pid());
      Files.writeString(Path.of(path, "new.txt"), "new");
      JvmProcess changed =
          start(
              one,
              () -> {
                assertThat(System.getProperty("mine")).isEqualTo("1");
                assertThat(ClassLoader.getSystemResource("new.txt")).as("entry").isNotNull();
              });
      assertThat(waiting).doesNotContain(changed.pid());
      for (JvmProcess process : List.of(other, elsewhere, changed)) {
        process.join();
        assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
      }
    });
  }

  @Test
  void sparesAreFewerThanProcessors() {
    succeed(() -> {
      int most = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
      List<JvmProcess> processes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        processes.add(start(LaunchOptions.defaults(), () -> {}));
        assertThat(spares().size()).isLessThanOrEqualTo(most + 1); // one more if starts outrun them
      }
      for (JvmProcess process : processes) {
        process.join();
        assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
        assertThat(spares().size()).isLessThanOrEqualTo(most + 1);
      }
      assertThat(awaitSpare()).hasSizeBetween(1, most + 1);
    });
  }

  @Test
  void preloadedClassesAreInitializedBeforeTheTask() {
    succeed(() -> {
      Context.forkserver().setForkserverPreload(Preloaded.class, Unloadable.class, Starting.class);
      warmUp(LaunchOptions.defaults());
      awaitSpare();
      JvmProcess process =
          start(
              LaunchOptions.defaults(),
              () -> {
                assertThat(Preloaded.INITIALIZED_BY).isEqualTo("spare");
                assertThat(Starting.refused).contains("while its parent is itself still starting");
              });
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    });
  }

  @Test
  void preloadedLoggersSendTheirRecordsToTheFirstProcess() {
    succeed(() -> {
      List<String> heard = Collections.synchronizedList(new ArrayList<>());
      Logging.LOGGER.setUseParentHandlers(false);
      Logging.LOGGER.setFilter(record -> !heard.add(record.getMessage()));
      Context.forkserver().setForkserverPreload(Logging.class);
      warmUp(LaunchOptions.defaults());
      awaitSpare();
      JvmProcess process = start(LaunchOptions.defaults(), () -> Logging.LOGGER.info("told"));
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
      assertThat(heard).contains(process.name() + " (pid " + process.pid() + "): told");
    });
  }

  @Test
  void preloadThatEndsTheJvmIsGivenUp() {
    succeed(() -> {
      Context.forkserver().setForkserverPreload(Exiting.class);
      for (int i = 0; i < 8; i++) {
        JvmProcess process = start(LaunchOptions.defaults(), () -> {});
        process.join();
        // a process that was made of such a spare ends with it; one that was spawned does not
        assertThat(process.exitCode().orElseThrow()).isIn(0, Exiting.CODE);
      }
      System.setProperty(
          "procession.forkserver.idle.millis", "100"); // they have stayed long enough
      await().atMost(PATIENT).until(() -> spares().isEmpty());
      JvmProcess process = start(LaunchOptions.defaults(), () -> {});
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    });
  }

  @Test
  void preloadThatHangsHoldsNoProcessUp() {
    succeed(() -> {
      Context.forkserver().setForkserverPreload(Hanging.class, Preloaded.class);
      warmUp(LaunchOptions.defaults());
      await().atMost(PATIENT).until(() -> !spares().isEmpty());
      Set<Long> preparing = spares();
      JvmProcess process = start(LaunchOptions.defaults(), () -> {});
      assertThat(preparing).contains(process.pid());
      assertThat(process.join(Deadlines.LONG)).as("its end").isTrue();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    });
  }

  @Test
  void poolHasWorkersFromSparesAndWorkersHaveTheirOwn() {
    succeed(() -> {
      try (ProcessPool pool = Context.forkserver().pool(2)) {
        assertThat(pool.map(x -> x * x, List.of(1, 2, 3))).containsExactly(1, 4, 9);
      }
      Set<Long> waiting = awaitSpare();
      try (ProcessPool pool = Context.forkserver().pool(1)) {
        assertThat(pool.apply(() -> ProcessHandle.current().pid())).isIn(waiting);
        assertThat(pool.apply(ForkserverIT::isServedBySpare)).isTrue();
      }
    });
  }

  private static boolean isServedBySpare() throws InterruptedException {
    warmUp(LaunchOptions.defaults());
    Set<Long> waiting = awaitSpare();
    JvmProcess inner = start(LaunchOptions.defaults(), () -> {});
    inner.join();
    assertThat(inner.exitCode()).hasValue(0);
    return waiting.contains(inner.pid());
  }

  @Test
  void endOfTheParentEndsTheSpares() throws Exception {
    for (boolean killed : List.of(true, false)) {
      try (ChildJvm parent =
          ChildJvm.body(
                  () -> {
                    warmUp(LaunchOptions.defaults());
                    awaitSpare();
                    System.out.println("ready");
                    System.in.read();
                  })
              .start()) {
        parent.awaitLine("ready");
        if (killed) {
          parent.kill();
        } else {
          parent.send("");
        }
        parent.join();
        await()
            .atMost(Deadlines.LONG)
            .untilAsserted(() ->
                assertThat(ProcessHandle.allProcesses().filter(ForkserverIT::isSpare).toList())
                    .noneMatch(process -> isOf(parent.pid(), process)));
      }
    }
  }

  static void countsOne() {
    counter++;
    assertThat(counter).isEqualTo(1);
  }

  static LaunchOptions forkserver(LaunchOptions options) {
    return options.withStartMethod(StartMethod.FORKSERVER);
  }

  static JvmProcess start(LaunchOptions options, SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(forkserver(options), task);
    process.start();
    return process;
  }

  /// Two starts, after which there is to be a spare.
  static void warmUp(LaunchOptions options) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      JvmProcess process = start(options, () -> {});
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
  }

  /// Waits until one is ready.
  static Set<Long> awaitSpare() {
    await().atMost(PATIENT).until(() -> Spares.own().ready() > 0);
    return spares();
  }

  /// The pids of this process's children that it does not know as such.
  static Set<Long> spares() {
    Set<Long> known =
        JvmProcess.activeChildren().stream().map(JvmProcess::pid).collect(Collectors.toSet());
    return ProcessHandle.current()
        .children()
        .filter(ForkserverIT::isSpare)
        .map(ProcessHandle::pid)
        .filter(pid -> !known.contains(pid))
        .collect(Collectors.toSet());
  }

  private static boolean isSpare(ProcessHandle process) {
    return Descendants.command(Path.of("/proc", "" + process.pid())).contains("ChildMain");
  }

  private static boolean isOf(long root, ProcessHandle process) {
    return Descendants.command(Path.of("/proc", "" + process.pid()))
        .contains("/proc/" + root + "/fd/");
  }

  /// Spares stay for as long as a test may look for them, however slow the machine is.
  private static void succeed(Body body) {
    String idle = "-Dprocession.forkserver.idle.millis=60000";
    try (ChildJvm parent = ChildJvm.body(body).flags(idle).start()) {
      assertThat(parent.join(PATIENT)).as("%s", parent.err()).isZero();
    }
  }

  /// Knows who initialized it.
  static final class Preloaded {
    static final String INITIALIZED_BY = initializer();

    private Preloaded() {}

    private static String initializer() {
      for (StackTraceElement frame : Thread.currentThread().getStackTrace()) {
        if (frame.getClassName().equals(WarmUp.class.getName())) {
          return "spare";
        }
      }
      return "task";
    }
  }

  /// Sets the framework up.
  static final class Logging {
    static final Logger LOGGER = Logger.getLogger("io.procession.test.spare");

    private Logging() {}
  }

  /// Cannot be initialized.
  static final class Unloadable {
    static final int NUMBER = Integer.parseInt("none");

    private Unloadable() {}
  }

  /// Starts a process where it must not.
  static final class Starting {
    static String refused = "";

    static {
      try {
        JvmProcess.of(() -> {}).start();
      } catch (IllegalStateException e) {
        refused = String.valueOf(e.getMessage());
      }
    }

    private Starting() {}
  }

  /// Is never done.
  static final class Hanging {
    static {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private Hanging() {}
  }

  /// Ends whoever initializes it.
  static final class Exiting {
    static final int CODE = 41;

    static {
      System.exit(Exiting.CODE);
    }

    private Exiting() {}
  }
}
