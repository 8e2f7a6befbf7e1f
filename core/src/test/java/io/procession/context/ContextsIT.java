package io.procession.context;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.connection.AuthKey;
import io.procession.connection.Connection;
import io.procession.connection.Waitable;
import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.ProcessExit;
import io.procession.process.StartMethod;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import java.io.EOFException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a program sees of its processes is the same whether they are JVMs or threads.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ContextsIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static <E> E next(SharedQueue<E> queue) throws InterruptedException {
    return requireNonNull(queue.poll(LONG.toSeconds(), TimeUnit.SECONDS), "nothing has come");
  }

  private static void takeAndGive(Lock lock) throws InterruptedException {
    assertThat(lock.tryLock(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    lock.unlock();
  }

  private static DeathCertificate ended(JvmProcess process) throws InterruptedException {
    assertThat(process.join(LONG)).as("it has not ended: %s", process).isTrue();
    return process.certificate().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void kinKnowEachOther(String way) throws Exception {
    try (SharedQueue<List<String>> queue = SharedQueue.create()) {
      JvmProcess child = Procession.context(way).process(() -> tellOfKin(way, queue));
      child.setName("child");
      child.setDaemon(true);
      child.start();
      assertThat(next(queue)).containsExactly("child", "main", "true", "[]");
      List<String> grandchild = next(queue);
      assertThat(grandchild.getFirst()).matches("Process-\\d+:1");
      assertThat(grandchild.subList(1, 4)).containsExactly("child", "true", "[]");
      assertThat(next(queue).getLast()).isEqualTo("[" + grandchild.getFirst() + "]");
      assertThat(ended(child).isSuccess()).isTrue();
      assertThat(JvmProcess.activeChildren()).doesNotContain(child);
      assertThat(JvmProcess.parentProcess()).isEmpty();
    }
  }

  private static void tellOfKin(String way, SharedQueue<List<String>> queue) throws Exception {
    queue.put(kin());
    try (SharedEvent go = SharedEvent.create();
        SharedEvent told = SharedEvent.create();
        JvmProcess _ =
            Procession.context(way)
                .start(() -> {
                  queue.put(kin());
                  told.set();
                  go.await();
                })) {
      told.await();
      queue.put(kin());
      go.set();
    }
  }

  private static List<String> kin() {
    JvmProcess self = JvmProcess.currentProcess();
    return List.of(
        self.name(),
        JvmProcess.parentProcess().orElseThrow().name(),
        String.valueOf(self.isDaemon()),
        JvmProcess.activeChildren().stream().map(JvmProcess::name).toList().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  @SuppressWarnings("try") // that one's close is not the other's is the point
  void whatATaskCapturesIsItsOwn(String way) throws Exception {
    List<String> mine = new ArrayList<>(List.of("first"));
    try (var lock = Procession.lock();
        SharedQueue<List<String>> queue = SharedQueue.create()) {
      JvmProcess process =
          Procession.context(way)
              .start(() -> {
                mine.add("second");
                queue.put(mine);
                lock.close();
              });
      assertThat(ended(process).isSuccess()).isTrue();
      assertThat(next(queue)).containsExactly("first", "second");
      assertThat(mine).containsExactly("first");
      takeAndGive(lock);
    }
    var socket = new Socket();
    assertThatThrownBy(() -> Procession.context(way).start(() -> socket.close()))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("java.net.Socket");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void exceptionEndsAProcessWithCodeOne(String way) throws Exception {
    JvmProcess process =
        Procession.context(way)
            .start(() -> {
              throw new IllegalStateException("expected in the output of this test");
            });
    DeathCertificate certificate = ended(process);
    assertThat(certificate.exitCode()).isEqualTo(1);
    assertThat(certificate.cause()).isEqualTo(DeathCause.EXCEPTION);
    assertThat(process.exit().join()).isEqualTo(certificate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void otherThreadsOfATaskKeepItsProcessAlive(String way) throws Exception {
    try (SharedQueue<String> queue = SharedQueue.create()) {
      JvmProcess process =
          Procession.context(way)
              .start(
                  "patient",
                  () -> {
                    Thread main = Thread.currentThread();
                    new Thread(
                            () -> {
                              try {
                                main.join();
                                Procession.atExit(() -> queue.add("hook"));
                                queue.put(JvmProcess.currentProcess().name());
                              } catch (InterruptedException e) {
                                queue.add(e.toString());
                              }
                            })
                        .start();
                  });
      assertThat(ended(process).isSuccess()).isTrue();
      assertThat(next(queue)).isEqualTo("patient");
      assertThat(next(queue)).isEqualTo("hook");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void stopEndsItsWaitsAndRunsItsFinallyBlocks(String way) throws Exception {
    try (SharedQueue<String> queue = SharedQueue.create();
        SharedQueue<String> empty = SharedQueue.create()) {
      JvmProcess process =
          Procession.context(way)
              .start(() -> {
                Thread virtual =
                    Thread.startVirtualThread(() -> waitAndTell(empty, queue, "virtual"));
                Thread other = new Thread(() -> waitAndTell(empty, queue, "other"));
                other.start();
                waitAndTell(empty, queue, "task");
                other.join();
                virtual.join(); // nobody else waits for it
              });
      assertThat(next(queue)).isEqualTo("begun");
      assertThat(next(queue)).isEqualTo("begun");
      assertThat(next(queue)).isEqualTo("begun");
      process.stop();
      assertThat(List.of(next(queue), next(queue), next(queue)))
          .containsExactlyInAnyOrder("virtual", "other", "task");
      assertThat(ended(process).exitCode()).isEqualTo(-15);
      assertThat(ended(process).cause()).isEqualTo(DeathCause.STOPPED);
    }
  }

  private static void waitAndTell(
      SharedQueue<String> empty, SharedQueue<String> queue, String what) {
    try {
      queue.put("begun");
      empty.take();
    } catch (ProcessExit e) {
      queue.add(what);
    } catch (InterruptedException e) {
      queue.add(what + " was interrupted");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void terminateAndInterruptReachAWaitingTask(String way) throws Exception {
    try (SharedEvent begun = SharedEvent.create();
        SharedEvent never = SharedEvent.create()) {
      JvmProcess waiting =
          Procession.context(way)
              .start(() -> {
                begun.set();
                never.await();
              });
      begun.await();
      waiting.terminate();
      assertThat(ended(waiting).exitCode()).isEqualTo(-15);
      assertThat(ended(waiting).signal()).isEqualTo("SIGTERM");

      JvmProcess asleep =
          Procession.context(way)
              .start(() -> {
                try {
                  Thread.sleep(LONG);
                } catch (InterruptedException e) {
                  return;
                }
                throw new IllegalStateException("nobody has interrupted it");
              });
      asleep.interrupt();
      assertThat(ended(asleep).isSuccess()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void whatAProcessHeldWhenItEndedIsGivenToOthers(String way) throws Exception {
    try (var lock = Procession.lock();
        var reentrant = Procession.reentrantLock();
        var permits = Procession.ownedSemaphore(2);
        var barrier = Procession.barrier(2);
        var pipe = Procession.pipe()) {
      Connection far = pipe.second();
      JvmProcess process =
          Procession.context(way)
              .start(() -> {
                lock.lock();
                reentrant.lock();
                permits.acquire();
                Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                      try {
                        barrier.await();
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                    });
                while (barrier.waiting() == 0) {
                  Thread.onSpinWait();
                }
                far.send("last words");
              });
      far.close();
      assertThat(ended(process).isSuccess()).isTrue();
      assertThat(pipe.first().recv()).isEqualTo("last words");
      assertThatThrownBy(() -> pipe.first().recv()).isInstanceOf(EOFException.class);
      takeAndGive(lock);
      takeAndGive(reentrant);
      assertThat(lock.ownerDeaths()).isOne();
      assertThat(reentrant.ownerDeaths()).isOne();
      assertThat(permits.availablePermits()).isEqualTo(2);
      assertThat(barrier.isBroken()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void whatABufferStillHasIsSentAtTheEnd(String way) throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create(1)) {
      JvmProcess process =
          Procession.context(way)
              .start(() -> {
                var buffer = Procession.bufferedQueue(queue);
                for (int i = 0; i < 10; i++) {
                  buffer.put(i);
                }
              });
      for (int i = 0; i < 10; i++) {
        assertThat(next(queue)).isEqualTo(i);
      }
      assertThat(ended(process).isSuccess()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void daemonsOfAProcessEndWithIt(String way) throws Exception {
    try (SharedEvent begun = SharedEvent.create();
        SharedEvent never = SharedEvent.create();
        SharedQueue<String> queue = SharedQueue.create()) {
      JvmProcess process =
          Procession.context(way)
              .start(() -> {
                JvmProcess daemon =
                    Procession.context(way)
                        .process(() -> {
                          try {
                            begun.set();
                            never.await();
                          } finally {
                            queue.put("ended");
                          }
                        });
                daemon.setDaemon(true);
                daemon.start();
                begun.await();
              });
      assertThat(ended(process).isSuccess()).isTrue();
      if (way.equals("dummy")) { // SIGTERM leaves no time for it in a JVM
        assertThat(next(queue)).isEqualTo("ended");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void endsCanBeWaitedForTogether(String way) throws Exception {
    try (SharedEvent go = SharedEvent.create()) {
      JvmProcess first = Procession.context(way).start(() -> go.await());
      JvmProcess second = Procession.context(way).start(() -> {});
      assertThat(Waitable.awaitAny(List.of(first, second))).containsExactly(second);
      go.set();
      assertThat(Waitable.awaitAny(List.of(first))).containsExactly(first);
      ended(first);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void keyIsInheritedOrGiven(String way) throws Exception {
    AuthKey given = AuthKey.random();
    try (SharedQueue<byte[]> queue = SharedQueue.create()) {
      JvmProcess process =
          Procession.context(way)
              .process(() -> queue.put(JvmProcess.currentProcess().authKey().toBytes()));
      process.setAuthKey(given);
      process.start();
      assertThat(next(queue)).isEqualTo(given.toBytes());
      ended(process);
      JvmProcess heir =
          Procession.context(way)
              .start(() -> queue.put(JvmProcess.currentProcess().authKey().toBytes()));
      assertThat(next(queue)).isEqualTo(JvmProcess.currentProcess().authKey().toBytes());
      ended(heir);
    }
  }

  private static final class Doubling extends JvmProcess {
    private static final long serialVersionUID = 1L;

    private final SharedQueue<Integer> queue;

    Doubling(String way, SharedQueue<Integer> queue) {
      super("doubling", LaunchOptions.defaults().withStartMethod(StartMethod.of(way)));
      this.queue = queue;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that it is the same is the point
    protected void run() throws Exception {
      queue.put(2 * queue.take());
      queue.put(JvmProcess.currentProcess() == this ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void subclassSaysWhatAProcessDoes(String way) throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      Doubling process = new Doubling(way, queue);
      queue.put(21);
      process.start();
      ended(process);
      assertThat(queue).containsExactly(42, 1);
    }
  }
}
