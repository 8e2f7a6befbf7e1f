package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.ExitHook;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a process has in its buffer is sent when it ends, however it does, but by SIGKILL.
@Tag("platforms")
class BufferedQueueIT {
  private static final int MANY = 3_000;

  /// What is tried is that all is sent, not how fast.
  private static final LaunchOptions PATIENT =
      LaunchOptions.defaults().withSystemProperty("procession.exit.millis", "60000");

  private final SharedQueue<Integer> queue = SharedQueue.create(2);

  @AfterEach
  void end() {
    queue.destroy();
  }

  private static void putAll(BufferedQueue<Integer> buffered) {
    for (int i = 0; i < MANY; i++) {
      buffered.put(i);
    }
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void assertAllArriveFrom(SerializableRunnable task, int exitCode)
      throws InterruptedException {
    try (JvmProcess child = JvmProcess.of(PATIENT, task)) {
      child.start();
      assertAllArrive();
      assertThat(child.join(Deadlines.LONG)).isTrue();
      assertThat(child.exitCode()).hasValue(exitCode);
    }
  }

  private void assertAllArrive() throws InterruptedException {
    for (int i = 0; i < MANY; i++) {
      assertThat(queue.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(i);
    }
  }

  @Test
  void childWhoseTaskReturns() throws Exception {
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    assertAllArriveFrom(() -> putAll(buffered), 0);
  }

  @Test
  void childWhoseTaskThrows() throws Exception {
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    assertAllArriveFrom(
        () -> {
          putAll(buffered);
          throw new IllegalStateException("what the test wants");
        },
        1);
  }

  @Test
  void childThatExits() throws Exception {
    BufferedQueue<Integer> buffered = BufferedQueue.before(queue);
    assertAllArriveFrom(
        () -> {
          putAll(buffered);
          System.exit(3);
        },
        3);
  }

  @Test
  void childThatIsTerminated() throws Exception {
    SharedQueue<String> ready = SharedQueue.create();
    SharedQueue<Integer> bounded = queue;
    try (JvmProcess child =
        JvmProcess.of(
            PATIENT,
            () -> {
              putAll(BufferedQueue.before(bounded));
              ready.put("ready");
              new CountDownLatch(1).await();
            })) {
      child.start();
      assertThat(ready.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("ready");
      child.terminate();
      assertAllArrive();
      assertThat(child.join(Deadlines.LONG)).isTrue();
    }
    ready.destroy();
  }

  @Test
  void childThatIsKilledLeavesWhatItHadSent() throws Exception {
    SharedQueue<String> ready = SharedQueue.create();
    SharedQueue<Integer> bounded = queue;
    try (JvmProcess child =
        JvmProcess.of(() -> {
          putAll(BufferedQueue.before(bounded));
          ready.put("ready");
          new CountDownLatch(1).await();
        })) {
      child.start();
      assertThat(ready.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("ready");
      for (int i = 0; i < 100; i++) {
        assertThat(queue.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(i);
      }
      child.kill();
      assertThat(child.join(Deadlines.LONG)).isTrue();
    }
    int next = 100;
    for (Integer left = queue.poll(); left != null; left = queue.poll()) {
      assertThat(left).isEqualTo(next++);
    }
    assertThat(next).isLessThanOrEqualTo(103);
    queue.put(7);
    assertThat(queue.take()).isEqualTo(7);
    ready.destroy();
  }

  @Test
  void childThatCancelsTheJoinDoesNotWait() throws Exception {
    SharedQueue<Integer> bounded = queue;
    try (JvmProcess child =
        JvmProcess.of(() -> {
          BufferedQueue<Integer> buffered = BufferedQueue.before(bounded);
          putAll(buffered);
          buffered.cancelJoinThread();
          buffered.close();
        })) {
      child.start();
      assertThat(child.join(Deadlines.LONG)).isTrue();
      assertThat(child.exitCode()).hasValue(0);
    }
    assertThat(queue.size()).isLessThanOrEqualTo(2);
  }

  /// The JDK's logging ends by a hook of its own, beside ours.
  @Test
  void lossAtTheEndIsToldAlsoAfterLoggingHasEnded() {
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  Logger.getLogger("a user's").warning("the user logs");
                  putAll(BufferedQueue.before(SharedQueue.create(2)));
                })
            .flags("-Dprocession.exit.millis=1000")
            .start()) {
      first.join();
      assertThat(first.err())
          .contains("the user logs")
          .containsPattern("[0-9]+ elements in the buffer of buffer-1 are lost");
    }
  }

  @Test
  void emptyBufferNeedsNoTimeAtTheEnd() {
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  BufferedQueue<Integer> full = BufferedQueue.before(SharedQueue.create(2));
                  BufferedQueue<Integer> empty = BufferedQueue.create();
                  empty.put(1);
                  empty.flush();
                  ExitHook.add(ExitHook.USER, BufferedQueueIT::waitForEver);
                  putAll(full);
                })
            .flags("-Dprocession.exit.millis=100")
            .start()) {
      first.join();
      assertThat(first.err())
          .contains("no time left for flush-buffer-1")
          .doesNotContain("flush-buffer-2");
    }
  }

  /// The first process of a session: its child takes what is sent while it ends.
  @Test
  void firstProcessWhoseMainReturns() {
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  SharedQueue<Integer> bounded = SharedQueue.create(2);
                  JvmProcess taker =
                      JvmProcess.of(() -> {
                        for (int i = 0; i < MANY; i++) {
                          assertThat(bounded.take()).isEqualTo(i);
                        }
                        System.out.println("all arrived");
                      });
                  taker.start();
                  putAll(BufferedQueue.before(bounded));
                })
            .flags("-Dprocession.exit.millis=60000")
            .start()) {
      first.succeed(Deadlines.LONG.multipliedBy(3));
      assertThat(first.out()).contains("all arrived");
    }
  }
}
