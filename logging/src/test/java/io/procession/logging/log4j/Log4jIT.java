package io.procession.logging.log4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.process.StartMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Records that children log by Log4j 2, in this process's appenders.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class Log4jIT {
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

  private final LoggerConfig config =
      ((LoggerContext) LogManager.getContext(false)).getConfiguration().getLoggerConfig("fine");
  private final Kept kept = new Kept();

  @BeforeEach
  void listen() {
    kept.start();
    config.addAppender(kept, null, null);
    config.setAdditive(false);
  }

  @AfterEach
  void leave() {
    config.removeAppender(kept.getName());
    config.setAdditive(true);
  }

  @Test
  void recordsAreThereInOrderWithAllTheyHaveWhenJoinReturns() throws Exception {
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            "talker",
            LaunchOptions.defaults().withOutput(Output.lines(line -> printed.add(line.text()))),
            Log4jIT::talk);
    process.start();
    process.join();
    String sign = "talker (pid " + process.pid() + "): ";
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add(sign + "number " + i);
    }
    expected.add(sign + "failed");
    assertThat(kept.events)
        .map(event -> event.getMessage().getFormattedMessage())
        .containsExactlyElementsOf(expected);
    LogEvent last = kept.events.getLast();
    assertThat(last.getLevel()).isEqualTo(Level.TRACE);
    assertThat(last.getThreadName()).isEqualTo("main");
    assertThat(last.getThrown()).hasToString("java.lang.IllegalStateException: x");
    assertThat(last.getContextData().toMap())
        .containsEntry("job", "7")
        .containsEntry("process", "talker")
        .containsEntry("pid", Long.toString(process.pid()));
    assertThat(printed).as("what its own console appender printed").isEmpty();
  }

  private static void talk() {
    Logger fine = LogManager.getLogger("fine");
    for (int i = 0; i < 100; i++) {
      fine.info("number {}", i);
    }
    ThreadContext.put("job", "7");
    fine.trace("failed", new IllegalStateException("x"));
    LogManager.getLogger("coarse").debug("not at this level");
  }

  @Test
  void processCanKeepItsRecords() throws Exception {
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            LaunchOptions.defaults()
                .withSystemProperty("procession.logs", "own")
                .withOutput(Output.lines(line -> printed.add(line.text()))),
            () -> LogManager.getLogger("fine").info("mine"));
    process.start();
    process.join();
    assertThat(kept.events).isEmpty();
    assertThat(printed).containsExactly("INFO fine  mine");
  }

  private static final class Kept extends AbstractAppender {
    private final List<LogEvent> events = Collections.synchronizedList(new ArrayList<>());

    Kept() {
      super("kept", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      events.add(event.toImmutable());
    }
  }

  /// Loaded and initialized by spares, before they are anybody.
  static final class Preloaded {
    static final org.apache.logging.log4j.Logger LOGGER = LogManager.getLogger("fine");
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
        kept.events.clear();
        JvmProcess process =
            JvmProcess.of("spared", spared, () -> Preloaded.LOGGER.info("by {}", Preloaded.BY));
        process.start();
        process.join();
        String sign = "spared (pid " + process.pid() + "): by ";
        assertThat(kept.events)
            .map(event -> event.getMessage().getFormattedMessage())
            .singleElement()
            .asString()
            .startsWith(sign);
        by = kept.events.getFirst().getMessage().getFormattedMessage().substring(sign.length());
      }
    } finally {
      StartMethod.setForkserverPreload(List.of());
    }
  }

  @Test
  void contextGoesWithTheTasksOfAPool() {
    var options = PoolOptions.defaults().withProcesses(1).withContext(new ThreadContextCarrier());
    try (var pool = ProcessPool.open(options)) {
      ThreadContext.put("trace", "4711");
      try {
        assertThat(pool.map(x -> x + ThreadContext.get("trace"), List.of(1)))
            .containsExactly("14711");
      } finally {
        ThreadContext.clearMap();
      }
      assertThat(pool.apply(() -> "" + ThreadContext.get("trace"))).isEqualTo("null");
    }
  }
}
