package io.procession.logging.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.process.StartMethod;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Records that children log by Logback, in this process's appenders.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogbackIT {
  /// Spares are started ahead, and stay for a while if they are not told to go.
  private static final String IDLE = "procession.forkserver.idle.millis";

  @BeforeAll
  static void letSparesStay() {
    System.clearProperty(IDLE);
  }

  @AfterAll
  static void letSparesGo() {
    System.setProperty(IDLE, "0");
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger("fine");
  private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

  @BeforeEach
  void listen() {
    kept.list = Collections.synchronizedList(new ArrayList<>());
    kept.start();
    logger.addAppender(kept);
    logger.setAdditive(false);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(kept);
    logger.setAdditive(true);
  }

  @Test
  void recordsAreThereInOrderWithAllTheyHaveWhenJoinReturns() throws Exception {
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            "talker",
            LaunchOptions.defaults().withOutput(Output.lines(line -> printed.add(line.text()))),
            LogbackIT::talk);
    process.start();
    process.join();
    String sign = "talker (pid " + process.pid() + "): ";
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add(sign + "number " + i);
    }
    expected.add(sign + "failed");
    assertThat(kept.list)
        .map(ILoggingEvent::getFormattedMessage)
        .containsExactlyElementsOf(expected);
    ILoggingEvent last = kept.list.getLast();
    assertThat(last.getLevel()).isEqualTo(Level.TRACE);
    assertThat(last.getThreadName()).isEqualTo("main");
    assertThat(last.getThrowableProxy().getMessage()).isEqualTo("x");
    assertThat(last.getMDCPropertyMap())
        .containsEntry("job", "7")
        .containsEntry("process", "talker")
        .containsEntry("pid", Long.toString(process.pid()));
    assertThat(printed).as("what its own console appender printed").isEmpty();
  }

  private static void talk() {
    org.slf4j.Logger fine = LoggerFactory.getLogger("fine");
    for (int i = 0; i < 100; i++) {
      fine.info("number {}", i);
    }
    MDC.put("job", "7");
    fine.trace("failed", new IllegalStateException("x"));
    LoggerFactory.getLogger("coarse").debug("not at this level");
  }

  @Test
  void processCanKeepItsRecords() throws Exception {
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            LaunchOptions.defaults()
                .withSystemProperty("procession.logs", "own")
                .withOutput(Output.lines(line -> printed.add(line.text()))),
            () -> LoggerFactory.getLogger("fine").info("mine"));
    process.start();
    process.join();
    assertThat(kept.list).isEmpty();
    assertThat(printed).containsExactly("INFO fine  mine");
  }

  /// Loaded and initialized by spares, before they are anybody.
  static final class Preloaded {
    static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger("fine");
    static final String BY = JvmProcess.currentProcess().name();

    private Preloaded() {}
  }

  @Test
  void loggersThatSparesHaveMadeSendToThisProcess() throws Exception {
    LaunchOptions spared = LaunchOptions.defaults().withStartMethod(StartMethod.FORKSERVER);
    StartMethod.setForkserverPreload(List.of(Preloaded.class.getName()));
    try {
      String by = "";
      for (int start = 1; !by.equals("spare"); start++) {
        assertThat(start).as("starts, and none by a spare that was ready").isLessThan(100);
        TimeUnit.MILLISECONDS.sleep(10L * start); // for a spare to become ready
        kept.list.clear();
        JvmProcess process =
            JvmProcess.of("spared", spared, () -> Preloaded.LOGGER.info("by {}", Preloaded.BY));
        process.start();
        process.join();
        String sign = "spared (pid " + process.pid() + "): by ";
        assertThat(kept.list)
            .map(ILoggingEvent::getFormattedMessage)
            .singleElement()
            .asString()
            .startsWith(sign);
        by = kept.list.getFirst().getFormattedMessage().substring(sign.length());
      }
    } finally {
      StartMethod.setForkserverPreload(List.of());
    }
  }

  /// An agent that makes the framework configure itself, before the child knows who it is.
  public static final class Agent {
    private Agent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
      LoggerFactory.getLogger("fine").info("as an {}", arguments);
    }
  }

  @Test
  void loggersThatAnAgentHasMadeSendToThisProcess(@TempDir Path folder) throws Exception {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
    Path agent = folder.resolve("agent.jar");
    new JarOutputStream(Files.newOutputStream(agent), manifest).close();
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            "attended",
            LaunchOptions.defaults()
                .withJvmFlags("-javaagent:" + agent + "=agent")
                .withOutput(Output.lines(line -> printed.add(line.text()))),
            () -> LoggerFactory.getLogger("fine").info("as a task"));
    process.start();
    process.join();
    assertThat(printed).containsExactly("INFO fine  as an agent");
    assertThat(kept.list)
        .map(ILoggingEvent::getFormattedMessage)
        .containsExactly("attended (pid " + process.pid() + "): as a task");
  }

  @Test
  void contextGoesWithTheTasksOfAPool() {
    var options = PoolOptions.defaults().withProcesses(1).withContext(new MdcContext());
    try (var pool = ProcessPool.open(options)) {
      MDC.put("trace", "4711");
      try {
        assertThat(pool.map(x -> x + MDC.get("trace"), List.of(1))).containsExactly("14711");
      } finally {
        MDC.clear();
      }
      assertThat(pool.apply(() -> "" + MDC.get("trace"))).isEqualTo("null");
    }
  }
}
