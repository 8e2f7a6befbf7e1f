package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Records that children log by the platform's logger and by java.util.logging, in this process's handlers.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogRelayIT {
  private static final Duration LONG = Deadlines.LONG.multipliedBy(3);
  private static final String NAME = "io.procession.test.relay";

  private final Logger logger = Logger.getLogger(NAME);
  private final Logger ofTheRelay = Logger.getLogger("io.procession.logging");
  private final Kept kept = new Kept();

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(kept);
    ofTheRelay.setUseParentHandlers(false);
    ofTheRelay.addHandler(kept);
  }

  @AfterEach
  void leave() {
    logger.removeHandler(kept);
    logger.setUseParentHandlers(true);
    ofTheRelay.removeHandler(kept);
    ofTheRelay.setUseParentHandlers(true);
  }

  @Test
  void recordsAreThereWithNameAndPidWhenJoinReturns() throws Exception {
    try (JvmProcess process = JvmProcess.of("talker", LogRelayIT::talk)) {
      process.start();
      process.join();
      String sign = "talker (pid " + process.pid() + "): ";
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        expected.add(sign + "number " + i);
      }
      expected.add(sign + "by the platform");
      expected.add(sign + "of a level of its own");
      assertThat(kept.messages()).containsExactlyElementsOf(expected);
      LogRecord platform = kept.records().get(500);
      assertThat(platform.getLevel()).isEqualTo(Level.WARNING);
      assertThat(platform.getThrown()).hasToString("java.lang.IllegalStateException: x");
      assertThat(platform.getThrown().getStackTrace()[0].getMethodName()).isEqualTo("talk");
      assertThat(platform.getSourceClassName()).isEqualTo(LogRelayIT.class.getName());
      assertThat(kept.records().get(501).getLevel().intValue()).isEqualTo(850);
      assertThat(process.certificate().orElseThrow().lastWords()).contains("by the platform");
    }
  }

  private static void talk() {
    Logger jul = Logger.getLogger(NAME);
    for (int i = 0; i < 500; i++) {
      jul.log(Level.INFO, "number {0}", i);
    }
    System.getLogger(NAME)
        .log(System.Logger.Level.WARNING, "by the platform", new IllegalStateException("x"));
    jul.log(new OwnLevel(), "of a level of its own");
  }

  private static final class OwnLevel extends Level {
    private static final long serialVersionUID = 1L;

    OwnLevel() {
      super("NOTICE", 850);
    }
  }

  @Test
  void noneIsLostHoweverAProcessEnds() throws Exception {
    Map<String, SerializableRunnable> endings = new TreeMap<>();
    endings.put("returns", () -> {});
    endings.put(
        "throws",
        () -> {
          throw new IOException("as it shall");
        });
    endings.put("exits", () -> System.exit(3));
    endings.put("halts", () -> Runtime.getRuntime().halt(4));
    endings.put("is stopped", () -> SharedEvent.create().await());
    endings.put("is terminated", () -> SharedEvent.create().await());
    List<JvmProcess> processes = new ArrayList<>();
    for (Map.Entry<String, SerializableRunnable> ending : endings.entrySet()) {
      SerializableRunnable end = ending.getValue();
      JvmProcess process =
          JvmProcess.of(
              ending.getKey(),
              LaunchOptions.defaults().withOutput(Output.discard()),
              () -> {
                Logger jul = Logger.getLogger(NAME);
                for (int i = 0; i < 200; i++) {
                  jul.info(Integer.toString(i));
                }
                end.run();
              });
      process.start();
      processes.add(process);
    }
    for (JvmProcess process : processes) {
      String sign = process.name() + " (pid " + process.pid() + "): ";
      if (process.name().startsWith("is ")) {
        await().atMost(LONG).until(() -> kept.messages().contains(sign + "199"));
        if (process.name().equals("is stopped")) {
          process.stop();
        } else {
          process.terminate();
        }
      }
      process.join();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        expected.add(sign + i);
      }
      assertThat(kept.messages().stream().filter(message -> message.startsWith(sign)).toList())
          .as("%s", process.certificate())
          .isEqualTo(expected);
    }
  }

  @Test
  void whatIsKilledInTheMidstLosesNothingThatItHasWrittenAndHindersNobody() throws Exception {
    JvmProcess endless =
        JvmProcess.of(
            "endless",
            () -> {
              Logger jul = Logger.getLogger(NAME);
              for (int i = 0; true; i++) {
                jul.info(Integer.toString(i));
              }
            });
    endless.start();
    await().atMost(LONG).until(() -> kept.records().size() > 5_000);
    endless.kill();
    endless.join();
    List<String> told = kept.messages();
    for (int i = 0; i < told.size(); i++) {
      assertThat(told.get(i)).endsWith("): " + i);
    }
    try (JvmProcess next = JvmProcess.of("next", () -> Logger.getLogger(NAME).info("here I am"))) {
      next.start();
      next.join();
      assertThat(kept.messages().getLast()).endsWith("here I am");
    }
  }

  /// The framework takes its handlers away as soon as a JVM begins to end.
  @Test
  void whatIsLoggedAtTheVeryEndIsHere() throws Exception {
    try (JvmProcess process = JvmProcess.of("ending", LogRelayIT::logAtTheEnd)) {
      process.start();
      process.join();
      assertThat(kept.messages()).singleElement().asString().endsWith("): the last");
    }
  }

  private static void logAtTheEnd() {
    var taken = new CountDownLatch(1);
    Logger.getLogger("")
        .addHandler(
            new Handler() {
              @Override
              public void publish(LogRecord record) {}

              @Override
              public void flush() {}

              @Override
              public void close() {
                taken.countDown(); // behind the relay
              }
            });
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                assertThat(taken.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              Logger.getLogger(NAME).info("the last");
            }));
  }

  @Test
  void configurationThatCannotBeReadCostsNoRecord() throws Exception {
    LaunchOptions options =
        LaunchOptions.defaults()
            .withJvmFlags("-Djava.util.logging.config.file=conf/logging.properties");
    try (JvmProcess process =
        JvmProcess.of("elsewhere", options, () -> Logger.getLogger(NAME).info("said"))) {
      process.start();
      process.join();
      assertThat(kept.messages()).hasSize(2).last().asString().endsWith("): said");
      assertThat(kept.messages().get(0))
          .contains("cannot be read", "conf/logging.properties", "working folder");
    }
  }

  @Test
  void grandchildrenReachTheFirstProcess() throws Exception {
    JvmProcess parent =
        JvmProcess.of(
            "parent",
            () -> {
              Logger.getLogger(NAME).info("one");
              JvmProcess child =
                  JvmProcess.of("child", () -> Logger.getLogger(NAME).warning("two"));
              child.start();
              child.join();
              Logger.getLogger(NAME).info("three");
            });
    parent.start();
    parent.join();
    assertThat(kept.messages())
        .map(message -> message.replaceAll("\\d+", "N"))
        .containsExactly("parent (pid N): one", "child (pid N): two", "parent (pid N): three");
  }

  @Test
  void firstProcessThatTakesNoneBlocksNobodyForLongAndHearsHowManyWereDropped() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    kept.before(() -> {
      blocked.countDown();
      goOn.await();
    });
    try (SharedEvent full = SharedEvent.create();
        SharedEvent more = SharedEvent.create()) {
      JvmProcess process =
          JvmProcess.of(
              "flooding",
              () -> {
                Logger jul = Logger.getLogger(NAME);
                for (int i = 0; i < 9_000; i++) {
                  jul.info(Integer.toString(i));
                }
                full.set();
                more.await();
                jul.info("more");
              });
      process.start();
      full.await();
      assertThat(blocked.getCount()).isZero();
      goOn.countDown();
      await().atMost(LONG).until(() -> kept.records().size() >= 8_192);
      more.set();
      process.join();
      List<String> told = kept.messages();
      assertThat(told.getLast()).endsWith("more");
      assertThat(told.get(told.size() - 2))
          .contains(9_000 - (told.size() - 2) + " records of this process were dropped here");
    }
  }

  @Test
  void exceptionThatCannotEvenBeDescribedStopsNobody() throws Exception {
    try (JvmProcess process =
        JvmProcess.of(
            "describes",
            () -> {
              Logger jul = Logger.getLogger(NAME);
              jul.log(Level.WARNING, "odd", new Indescribable());
              jul.info("and on");
            })) {
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
      assertThat(kept.messages()).hasSize(2).last().asString().endsWith("): and on");
      assertThat(process.certificate().orElseThrow().lastWords()).contains("Indescribable");
    }
  }

  private static final class Indescribable extends Exception {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalArgumentException("no description");
    }
  }

  @Test
  void processCanKeepItsRecords() throws Exception {
    JvmProcess own =
        JvmProcess.of(
            "own",
            LaunchOptions.defaults()
                .withSystemProperty("procession.logs", "own")
                .withOutput(Output.discard()),
            () -> Logger.getLogger(NAME).warning("mine"));
    own.start();
    own.join();
    assertThat(kept.messages()).isEmpty();
    assertThat(own.certificate().orElseThrow().lastWords()).contains("WARNING: mine");
  }

  private interface Wait {
    void pass() throws InterruptedException;
  }

  private static final class Kept extends Handler {
    private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable Wait wait;

    void before(Wait first) {
      wait = first;
    }

    @Override
    public void publish(LogRecord record) {
      Wait first = wait;
      if (first != null) {
        wait = null;
        try {
          first.pass();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      records.add(record);
    }

    List<LogRecord> records() {
      synchronized (records) {
        return List.copyOf(records);
      }
    }

    List<String> messages() {
      return records().stream().map(LogRecord::getMessage).toList();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
