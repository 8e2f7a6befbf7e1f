package io.procession.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.posix.Platform;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A POSIX queue between processes, and what is left when they are killed.
class PosixQueueIT {
  @BeforeEach
  void onlyWhereThereAreSuchQueues() {
    assumeTrue(
        Platform.current() == Platform.NATIVE && Files.isDirectory(Path.of("/proc/sys/fs/mqueue")),
        "this system has no POSIX message queues");
  }

  @Test
  void childrenPutAndTake() throws Exception {
    PosixQueue<Integer> there = PosixQueue.create();
    PosixQueue<Integer> back = PosixQueue.create();
    List<JvmProcess> children = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      children.add(
          start(() -> {
            for (int value = there.take(); value >= 0; value = there.take()) {
              back.put(value * 2);
            }
          }));
    }
    Set<Integer> doubled = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      there.put(i);
      if (i >= 8) {
        doubled.add(back.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS));
      }
    }
    while (doubled.size() < 1_000) {
      doubled.add(back.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS));
    }
    assertThat(doubled).hasSize(1_000).doesNotContainNull();
    there.put(-1);
    there.put(-1);
    for (JvmProcess child : children) {
      end(child, 0);
    }
    there.destroy();
    back.destroy();
  }

  @Test
  void whoHasItKeepsItWhenItsMakerIsKilled() throws Exception {
    SharedQueue<PosixQueue<String>> introductions = SharedQueue.create();
    SharedQueue<String> arrived = SharedQueue.create();
    JvmProcess maker =
        start(() -> {
          PosixQueue<String> made = PosixQueue.create();
          made.put("from the dead");
          introductions.put(made);
          arrived.take();
          Runtime.getRuntime().halt(9);
        });
    PosixQueue<String> queue =
        requireNonNull(introductions.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS));
    arrived.put("yes");
    end(maker, 9);
    assertThat(queue.take()).isEqualTo("from the dead");
    JvmProcess third = start(() -> queue.put("from the third"));
    assertThat(queue.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS))
        .as("opened from a process that did not make it")
        .isEqualTo("from the third");
    end(third, 0);
    queue.destroy();
    introductions.destroy();
    arrived.destroy();
  }

  @Test
  void queueOfTheDeadThatNobodyHasCannotBeReceived() throws Exception {
    SharedQueue<PosixQueue<String>> introductions = SharedQueue.create();
    JvmProcess maker =
        start(() -> {
          introductions.put(PosixQueue.create());
          Runtime.getRuntime().halt(9);
        });
    end(maker, 9);
    assertThatIllegalStateException()
        .isThrownBy(introductions::take)
        .withMessageContaining("no living process of the session has");
    introductions.destroy();
  }

  @Test
  void nothingIsLeftOfTheKilled() throws Exception {
    int most = openAsManyAsThereCanBe();
    assertThat(most).isPositive();
    for (int round = 0; round < 3; round++) {
      SharedQueue<Integer> ready = SharedQueue.create();
      JvmProcess owner =
          start(() -> {
            List<PosixQueue<String>> open = new ArrayList<>();
            for (int i = 0; i < most; i++) {
              open.add(PosixQueue.create());
            }
            ready.put(open.size());
            Thread.sleep(Deadlines.LONG);
          });
      assertThat(ready.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(most);
      owner.kill();
      end(owner, -9);
      ready.destroy();
    }
    await().atMost(Deadlines.LONG).until(() -> openAsManyAsThereCanBe() == most);
  }

  @Test
  void destroyingEndsTheWaitsOfOthers() throws Exception {
    PosixQueue<String> queue = PosixQueue.create();
    SharedQueue<String> says = SharedQueue.create();
    JvmProcess waiter =
        start(() -> {
          says.put("waits");
          try {
            queue.take();
          } catch (IllegalStateException e) {
            says.put(String.valueOf(e.getMessage()));
          }
        });
    assertThat(says.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo("waits");
    queue.destroy();
    assertThat(says.poll(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS)).contains("destroyed");
    end(waiter, 0);
    says.destroy();
  }

  private static int openAsManyAsThereCanBe() {
    List<PosixQueue<String>> open = new ArrayList<>();
    try {
      while (open.size() < 1_000) {
        open.add(PosixQueue.create());
      }
    } catch (UncheckedIOException e) {
      // the limit
    } finally {
      open.forEach(PosixQueue::close);
    }
    return open.size();
  }

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(task);
    process.start();
    return process;
  }

  private static void end(JvmProcess process, int code) throws InterruptedException {
    assertThat(process.join(Deadlines.LONG)).isTrue();
    assertThat(process.exitCode()).hasValue(code);
    process.close();
  }
}
