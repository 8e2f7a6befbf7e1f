package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Waitable;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A process runs its task once, knows its kin, and tells how it ended.
abstract class ProcessContract extends Contract {
  private JvmProcess started(String name, SerializableRunnable task) {
    JvmProcess process = way().context().start(name, task);
    return way().made(process, process::close);
  }

  private static void ends(JvmProcess process, int code) throws InterruptedException {
    assertThat(process.join(LONG)).as("%s", process).isTrue();
    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(code);
  }

  private record Seen(String name, boolean daemon, List<?> captured, String parent)
      implements Serializable {}

  @Test
  void runsItsTaskWithWhatItCaptured() throws Exception {
    BlockingQueue<Seen> queue = way().queue();
    List<?> captured = List.of(1, "two", List.of(3.0));
    Context context = way().context();
    SerializableCallable<Context> there = way().there();
    JvmProcess process =
        context.process(() -> {
          Context own = there.call();
          JvmProcess self = own.currentProcess();
          queue.put(
              new Seen(
                  self.name(),
                  self.isDaemon(),
                  captured,
                  own.parentProcess().map(JvmProcess::name).orElse("none")));
        });
    process.setName("named");
    process.setDaemon(true);
    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).isEmpty();
    assertThat(context.activeChildren()).doesNotContain(process);
    process.start();
    String self = context.currentProcess().name();
    assertThat(queue.poll(LONG.toMillis(), TimeUnit.MILLISECONDS))
        .isEqualTo(new Seen("named", true, captured, self));
    ends(process, 0);
    assertThat(context.activeChildren()).doesNotContain(process);
    process.close();
  }

  @Test
  void knowsItself() throws Exception {
    JvmProcess self = way().context().currentProcess();
    assertThat(self.isAlive()).isTrue();
    assertThat(self.isDaemon()).isFalse();
    assertThat(self.exitCode()).isEmpty();
    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    byte[] key = self.authKey().toBytes();
    assertThat(key).isNotEmpty();
    SerializableCallable<Context> there = way().there();
    assertThat(peer(0).<byte[]>call(() -> there.call().currentProcess().authKey().toBytes()))
        .isEqualTo(key);
  }

  @Test
  void isActiveWhileItRuns() throws Exception {
    Event goOn = way().event();
    JvmProcess process = started("active", goOn::await);
    assertThat(process.isAlive()).isTrue();
    assertThat(process.exitCode()).isEmpty();
    assertThat(way().context().activeChildren()).contains(process);
    assertThat(process.join(Duration.ZERO)).isFalse();
    assertThat(process.join(Duration.ofMillis(-1))).isFalse();
    assertThatThrownBy(process::start).isInstanceOf(IllegalStateException.class);
    goOn.set();
    ends(process, 0);
  }

  @Test
  void endCanBeWaitedForAmongOthers() throws Exception {
    Event goOn = way().event();
    JvmProcess process = started("awaited", goOn::await);
    JvmProcess other = started("other", goOn::await);
    assertThat(Waitable.awaitAny(List.of(process, other), Duration.ZERO)).isEmpty();
    goOn.set();
    assertThat(Waitable.awaitAny(List.of(process, other), LONG)).isNotEmpty();
    ends(process, 0);
    ends(other, 0);
    assertThat(Waitable.awaitAny(List.of(process, other), Duration.ZERO))
        .containsExactly(process, other);
  }

  @Test
  void closeWaitsForItsEndWhichStaysKnown() throws Exception {
    Event goOn = way().event();
    Event ends = way().event();
    JvmProcess process =
        started(
            "closed",
            () -> {
              goOn.await();
              ends.set();
            });
    goOn.set();
    process.close();
    assertThat(ends.isSet()).isTrue();
    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).hasValue(0);
    process.close();
  }

  @Test
  void exceptionOfItsTaskIsItsEndWithCodeOne() throws Exception {
    ends(
        started(
            "failing",
            () -> {
              throw new IllegalStateException("as it shall");
            }),
        1);
  }

  @Test
  void stoppedItEndsAsBySigterm() throws Exception {
    Event begun = way().event();
    Event never = way().event();
    JvmProcess process =
        started(
            "stopped",
            () -> {
              begun.set();
              never.await();
            });
    assertThat(begun.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    process.stop();
    ends(process, -15);
  }

  @Test
  void interruptReachesItsTask() throws Exception {
    Event begun = way().event();
    Event never = way().event();
    BlockingQueue<String> queue = way().queue();
    JvmProcess process =
        started(
            "interrupted",
            () -> {
              begun.set();
              try {
                never.await();
              } catch (InterruptedException e) {
                queue.put("interrupted");
              }
            });
    assertThat(begun.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    process.interrupt();
    ends(process, 0);
    assertThat(queue.poll()).isEqualTo("interrupted");
    begun.clear();
    JvmProcess careless =
        started(
            "careless",
            () -> {
              begun.set();
              never.await();
            });
    assertThat(begun.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    careless.interrupt();
    ends(careless, 1);
  }

  @Test
  void startsProcessesInTurn() throws Exception {
    BlockingQueue<String> queue = way().queue();
    grow(way().there(), queue, "");
    List<String> seen = new ArrayList<>();
    queue.drainTo(seen);
    assertThat(seen).containsExactly("", "0", "00", "1", "10");
  }

  private static void grow(
      SerializableCallable<Context> there, BlockingQueue<String> queue, String id)
      throws Exception {
    queue.put(id);
    for (int i = 0; i < 2 - id.length(); i++) {
      String child = id + i;
      JvmProcess process = there.call().start("grown" + child, () -> grow(there, queue, child));
      process.join();
      process.close();
    }
  }

  @Test
  void endsWhenItsThreadsHaveEnded() throws Exception {
    Event goOn = way().event();
    BlockingQueue<String> queue = way().queue();
    JvmProcess process =
        started(
            "threaded",
            () ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        goOn.await();
                        queue.put("of a thread");
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    }));
    assertThat(process.join(Deadlines.SHORT)).isFalse();
    goOn.set();
    ends(process, 0);
    assertThat(queue.poll()).isEqualTo("of a thread");
  }

  /// Says what it does by its class.
  private static final class Caller extends JvmProcess {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // a queue that can be sent
    private final BlockingQueue<Long> queue;

    Caller(LaunchOptions options, BlockingQueue<Long> queue) {
      super(options);
      this.queue = queue;
    }

    @Override
    protected void run() throws Exception {
      queue.put(ProcessHandle.current().pid());
    }
  }

  @Test
  void subclassRuns() throws Exception {
    BlockingQueue<Long> queue = way().queue();
    JvmProcess process = new Caller(way().launch(), queue);
    process.start();
    ends(process, 0);
    assertThat(queue.poll()).isEqualTo(process.pid());
    assertThat(process.pid() != ProcessHandle.current().pid()).isEqualTo(way().isOfJvms());
    process.close();
  }

  @Test
  void exitHooksRunInTheOrderOfTheirPriorities() throws Exception {
    BlockingQueue<String> queue = way().queue();
    SerializableCallable<Context> there = way().there();
    JvmProcess process =
        started(
            "leaving",
            () -> {
              Context context = there.call();
              context.atExit(0, () -> queue.add("first"));
              context.atExit(0, () -> queue.add("second"));
              context.atExit(10, () -> queue.add("urgent"));
              queue.add("task");
            });
    ends(process, 0);
    assertThat(queue).containsExactly("task", "urgent", "second", "first");
  }

  @Test
  void processorsAreCounted() {
    Context context = way().context();
    assertThat(context.usableCpuCount()).isBetween(1, context.cpuCount());
  }
}
