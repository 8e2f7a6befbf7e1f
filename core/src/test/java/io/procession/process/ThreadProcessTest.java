package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.connection.Connection;
import io.procession.context.Context;
import io.procession.internal.arena.Session;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is particular to processes that are threads; the rest is `ContextsIT`.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ThreadProcessTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final AtomicBoolean GO = new AtomicBoolean();
  private static final CompletableFuture<Throwable> LEFT = new CompletableFuture<>();
  private static final CountDownLatch END = new CountDownLatch(1);

  private static void takeAndGive(SharedLock lock) throws InterruptedException {
    assertThat(lock.tryLock(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void sharesPidAndStaticFieldsWithItsParent() throws Exception {
    GO.set(false);
    JvmProcess process = Procession.dummy().start(() -> GO.set(true));
    process.join();
    assertThat(GO).isTrue();
    assertThat(process.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(Context.of("dummy")).isSameAs(Procession.dummy()).hasToString("Context[dummy]");
  }

  /// Starts its own process once more while it is written.
  private static final class SelfStarting implements SerializableRunnable {
    private static final long serialVersionUID = 1L;

    static final CompletableFuture<JvmProcess> OWN = new CompletableFuture<>();
    static final CompletableFuture<Throwable> REFUSAL = new CompletableFuture<>();
    static final AtomicBoolean IS_STARTING = new AtomicBoolean();

    @Override
    public void run() {}

    private void writeObject(ObjectOutputStream out) {
      if (IS_STARTING.compareAndSet(false, true)) {
        try {
          OWN.join().start();
        } catch (IllegalStateException e) {
          REFUSAL.complete(e);
        }
      }
    }
  }

  @Test
  void isNotStartedByItsTaskOnceMore() throws Exception {
    JvmProcess process = Procession.dummy().process(new SelfStarting());
    SelfStarting.OWN.complete(process);
    process.start();
    process.join();
    assertThat(SelfStarting.REFUSAL)
        .isCompletedWithValueMatching(
            refusal -> String.valueOf(refusal).contains("while that is written: process="));
    assertThat(process.exitCode()).hasValue(0);
  }

  @Test
  void cannotBeKilled() throws Exception {
    try (SharedEvent go = SharedEvent.create()) {
      JvmProcess process = Procession.dummy().start("tough", () -> go.await());
      assertThatThrownBy(process::kill)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("cannot be killed: process=tough")
          .hasMessageContaining("terminate()");
      go.set();
      process.join();
      assertThat(process.exitCode()).hasValue(0);
    }
  }

  @Test
  void endsAfterAStopOnlyWhenItsTaskReturns() throws Exception {
    GO.set(false);
    try (SharedEvent begun = SharedEvent.create()) {
      JvmProcess process =
          Procession.dummy()
              .start(() -> {
                begun.set();
                while (!GO.get()) {
                  Thread.onSpinWait();
                }
                JvmProcess.checkExit();
              });
      begun.await();
      process.stop();
      assertThat(process.isAlive()).isTrue();
      GO.set(true);
      process.join();
      assertThat(process.exitCode()).hasValue(-15);
    }
  }

  private static void computes(SharedEvent begun) {
    begun.set();
    while (!GO.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void saysWhereItIsIfItHeedsNoStop() throws Exception {
    GO.set(false);
    try (SharedEvent begun = SharedEvent.create();
        Warnings warnings = new Warnings("io.procession.process")) {
      JvmProcess patient = Procession.dummy().start("patient", () -> Thread.sleep(Long.MAX_VALUE));
      JvmProcess busy = Procession.dummy().start("busy", () -> computes(begun));
      begun.await();
      patient.terminate();
      busy.terminate();
      String warning = warnings.next(LONG);
      assertThat(warning)
          .startsWith(
              "a process that is a thread was asked to end and runs on: process=busy, after=PT2S; ")
          .contains("JvmProcess.checkExit()", "ThreadProcessTest.computes(");
      assertThat(busy.isAlive()).isTrue();
      busy.stop();
      GO.set(true);
      busy.join();
      patient.join();
      assertThat(busy.exitCode()).hasValue(-15);
      assertThat(warnings.left()).isEmpty();
    }
  }

  @Test
  void refusesWhatAThreadCannotHave() {
    LaunchOptions none = LaunchOptions.defaults();
    for (LaunchOptions options :
        new LaunchOptions[] {
          none.withSystemProperty("a", "b"),
          none.withEnvironment("a", "b"),
          none.withWorkingFolder(Path.of("/tmp")),
          none.withClassPath(Path.of("/tmp")),
          none.withOutput(Output.discard())
        }) {
      JvmProcess process = Procession.dummy().process(options, () -> {});
      assertThatThrownBy(process::start)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("has what its JVM has");
    }
    try (JvmProcess process =
        Procession.dummy()
            .process(none.withMaxHeap(64 << 20).withJvmFlags("-Xint").withNiceness(5), () -> {})) {
      process.start();
    }
  }

  /// Fails where it arrives.
  private static final class Bad implements SerializableRunnable {
    private static final long serialVersionUID = 1L;

    @Override
    public void run() {}

    private void readObject(ObjectInputStream in) throws IOException {
      throw new IOException("expected in the output of this test");
    }
  }

  @Test
  void taskThatCannotBeReadIsAFailureOfItsStart() throws Exception {
    JvmProcess process = Procession.dummy().start(new Bad());
    process.join();
    assertThat(process.exitCode()).hasValue(1);
    assertThat(process.certificate().orElseThrow().cause()).isEqualTo(DeathCause.START_UP);
  }

  @Test
  void threadThatItLeavesBehindCannotUseTheSessionInItsName() throws Exception {
    try (SharedLock lock = SharedLock.create()) {
      JvmProcess process =
          Procession.dummy()
              .start(
                  "gone",
                  () -> {
                    Thread.startVirtualThread(() -> {
                      try {
                        END.await();
                        SharedLock.create();
                        LEFT.complete(new AssertionError("it could"));
                      } catch (Throwable e) {
                        LEFT.complete(e);
                      }
                    });
                    lock.lock();
                  });
      process.join();
      END.countDown();
      assertThat(LEFT.get(LONG.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended: process=gone");
      takeAndGive(lock);
    }
  }

  @Test
  void manyLeaveNothingBehind() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create();
        var lock = Procession.lock()) {
      int before = Session.current().participants().inUse();
      int sum = 0;
      for (int i = 0; i < 300; i++) {
        int number = i;
        sum += number;
        var pipe = Procession.pipe();
        Connection far = pipe.second();
        JvmProcess process =
            Procession.dummy()
                .start(() -> {
                  takeAndGive(lock);
                  queue.put(number);
                  far.send(number);
                  Procession.event().set();
                });
        far.close();
        process.join();
        assertThat(pipe.first().recv()).isEqualTo(number);
        pipe.first().close();
      }
      assertThat(queue.stream().mapToInt(Integer::intValue).sum()).isEqualTo(sum);
      queue.clear();
      assertThat(Session.current().participants().inUse()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void sharesItsObjectsWithProcessesThatAreJvms() throws Exception {
    try (var pipe = Procession.pipe();
        var lock = Procession.lock()) {
      Connection near = pipe.first();
      Connection far = pipe.second();
      JvmProcess thread =
          Procession.dummy()
              .start(
                  "between",
                  () -> {
                    JvmProcess jvm =
                        Procession.context("spawn")
                            .start(() -> {
                              lock.lock();
                              far.send(JvmProcess.parentProcess().orElseThrow().name());
                            });
                    jvm.join();
                    lock.lockInterruptibly();
                    far.send(lock.ownerDeaths());
                    lock.unlock();
                  });
      assertThat(near.recv()).isEqualTo("between");
      assertThat(near.recv()).isEqualTo(1);
      thread.join();
      assertThat(thread.exitCode()).hasValue(0);
    }
  }

  @Test
  void longestLimitOfAStartIsNone() throws Exception {
    var options = LaunchOptions.defaults().withStartLimit(Duration.ofSeconds(Long.MAX_VALUE));
    JvmProcess process = Procession.dummy().process(options, () -> {});
    process.start();
    assertThat(process.join(LONG)).isTrue();
    process.close();
  }
}
