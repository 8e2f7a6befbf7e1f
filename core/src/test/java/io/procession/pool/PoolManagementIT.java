package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What those see of a pool who run it: the flight recorder, managed beans, a bar.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolManagementIT {
  @TempDir Path folder;

  private static int halt(int code) {
    Runtime.getRuntime().halt(code);
    return code;
  }

  private static void work(ProcessPool pool) {
    assertThat(pool.map(x -> x, List.of(1, 2, 3), 3)).hasSize(3);
    assertThatThrownBy(() -> pool.apply(PoolManagementIT::halt, 3)).isNotNull();
    AsyncResult<Integer> failed =
        pool.applyAsync(TaskOptions.defaults().withName("division"), x -> 1 / x, 0);
    assertThatThrownBy(failed::join).isNotNull();
  }

  @Test
  void poolIsSeenByRecorderBeanAndBar() throws Exception {
    var drawn = new ByteArrayOutputStream();
    Path file = folder.resolve("flights.jfr");
    var name = new ObjectName("io.procession:type=ProcessPool,name=of the test");
    var server = ManagementFactory.getPlatformMBeanServer();
    var bar = ProgressBar.to(new PrintStream(drawn, true, StandardCharsets.UTF_8), 5);
    var options = PoolOptions.defaults().withProcesses(1).withBean("of the test").withListener(bar);
    try (var recording = new Recording()) {
      recording.enable("io.procession.Task");
      recording.enable("io.procession.WorkerEnd");
      try (var pool = ProcessPool.open(options)) {
        recording.start();
        work(pool);
        PoolMXBean bean = JMX.newMXBeanProxy(server, name, PoolMXBean.class);
        assertThat(bean.getSubmitted()).isEqualTo(3);
        await().atMost(Deadlines.LONG).until(() -> bean.getWorkersDied() == 1);
        assertThat(bean.getFailed()).isEqualTo(2);
        await()
            .atMost(Deadlines.LONG)
            .untilAsserted(() -> assertThat(bean.getWorkerTasks()).hasSize(1));
        assertThat(bean.getWorkerMemory()).hasSize(1);
        assertThat(bean.dump()).contains("1 worker\n");
        assertThatThrownBy(() -> ProcessPool.open(options))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("name=of the test");
      }
      recording.stop();
      await()
          .atMost(Deadlines.LONG)
          .until(() -> drawn.toString(StandardCharsets.UTF_8).contains("5 of 5"));
      bar.close();
      recording.dump(file);
    }
    assertThat(server.isRegistered(name)).isFalse();
    String last = drawn.toString(StandardCharsets.UTF_8).lines().toList().getLast();
    assertThat(last.substring(last.lastIndexOf('\r') + 1)).contains("100%  5 of 5, 2 failed");

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("io.procession.Task"))
        .extracting(event -> event.getString("outcome"))
        .containsExactlyInAnyOrder("FINISHED", "DIED", "FAILED");
    assertThat(events)
        .filteredOn(event -> "division".equals(text(event, "taskName")))
        .singleElement()
        .satisfies(event -> assertThat(event.getString("worker")).contains("-worker-"));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("io.procession.WorkerEnd"))
        .extracting(event -> Map.entry(event.getString("cause"), event.getBoolean("wasDismissed")))
        .contains(Map.entry("HALT", false));
  }

  private static String text(RecordedEvent event, String field) {
    return event.hasField(field) ? "" + event.getString(field) : "";
  }

  @Test
  void barSaysHowFarTheWorkIs() {
    assertThat(ProgressBar.line(470, 2, 1_000, Duration.ofSeconds(5)))
        .isEqualTo("[##############----------------]  47%  470 of 1000, 2 failed, 94/s, 6 s left");
    assertThat(ProgressBar.line(0, 0, 10, Duration.ZERO))
        .isEqualTo("[" + "-".repeat(30) + "]   0%  0 of 10, 0.0/s");
    assertThat(ProgressBar.line(12, 0, 10, Duration.ofSeconds(100)))
        .isEqualTo("[" + "#".repeat(30) + "] 100%  12 of 10, 0.1/s");
  }

  @Test
  void elementsOfChunksThatFailAreCounted() throws Exception {
    var drawn = new ByteArrayOutputStream();
    var bar = ProgressBar.to(new PrintStream(drawn, true, StandardCharsets.UTF_8), 4);
    var options = PoolOptions.defaults().withProcesses(1).withListener(bar).withBean("x,y=*");
    try (var pool = ProcessPool.open(options)) {
      var name = new ObjectName("io.procession:type=ProcessPool,name=\"x,y=\\*\"");
      assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isTrue();
      var results = pool.imap(x -> 1 / x, List.of(1, 0, 1, 0), 4);
      for (int i = 0; i < 4; i++) {
        if (i % 2 == 1) {
          assertThatThrownBy(results::next).isInstanceOf(TaskException.class);
        } else {
          assertThat(results.next()).isEqualTo(1);
        }
      }
    }
    await()
        .atMost(Deadlines.LONG)
        .until(() -> drawn.toString(StandardCharsets.UTF_8).contains("4 of 4"));
    bar.close();
    assertThat(drawn.toString(StandardCharsets.UTF_8)).contains("100%  4 of 4, 2 failed");
  }

  @Test
  void poolThatIsClosedAgainLeavesTheBeanOfTheNextOne() throws Exception {
    var options = PoolOptions.defaults().withProcesses(1).withBean("of one, then of another");
    var name = new ObjectName("io.procession:type=ProcessPool,name=\"of one, then of another\"");
    var one = ProcessPool.open(options);
    one.close();
    try (var other = ProcessPool.open(options)) {
      one.close();
      assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isTrue();
      assertThat(other.apply(() -> 1)).isOne();
    }
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isFalse();
  }
}
