package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.queue.JoinableQueue;
import io.procession.queue.QueueShutDownException;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Takers of tasks are killed at random moments: all tasks end, and nobody waits for the dead.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RandomTaskKillsIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 20);
  private static final int AT_A_TIME = 4;
  private static final int MOST_TASKS = 1 << 22;
  private static final long SEED =
      Long.getLong("procession.test.seed", new Random().nextLong() >>> 1);

  private final Base base = Base.now();
  @TempDir Path folder;

  /// Takes tasks until it is killed, and notes each.
  private record Taker(JoinableQueue<Integer> tasks, Journal taken, int number)
      implements SerializableRunnable {
    @Override
    public void run() throws InterruptedException {
      taken.set(MOST_TASKS + number, 1);
      while (true) {
        taken.increment(tasks.take());
        tasks.taskDone();
      }
    }
  }

  @Test
  void allTasksEndAndNobodyWaitsForTheDead() throws Exception {
    System.out.println("RandomTaskKillsIT: seed " + SEED + ", kills " + KILLS);
    Random random = new Random(SEED);
    JoinableQueue<Integer> tasks = JoinableQueue.create(50);
    Journal taken = new Journal(folder.resolve("taken"), MOST_TASKS + KILLS);
    ExecutorService threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("survivor-", 0).factory());
    Future<Integer> putter = threads.submit(() -> put(tasks));
    Future<?> taker = threads.submit(() -> takeAll(tasks, taken));
    Deque<JvmProcess> victims = new ArrayDeque<>();
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        JvmProcess victim = JvmProcess.of(new Taker(tasks, taken, kill));
        victim.setDaemon(true);
        victim.start();
        victims.add(victim);
        if (victims.size() == AT_A_TIME) {
          kill(victims.remove(), taken, 1 + kill - AT_A_TIME, random);
        }
      }
      while (!victims.isEmpty()) {
        kill(victims.remove(), taken, KILLS - 1 - victims.size(), random);
      }
      tasks.shutdown(false);
      int put = putter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(tasks.join(Deadlines.LONG)).isTrue();
      taker.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(tasks.unfinishedTasks()).isZero();
      int missing = 0;
      for (int task = 0; task < put; task++) {
        assertThat(taken.get(task)).as("times taken: %s", task).isBetween(0, 1);
        missing += 1 - taken.get(task);
      }
      assertThat(missing).as("taken by the dead and not noted").isLessThanOrEqualTo(KILLS);
    } finally {
      victims.forEach(JvmProcess::kill);
      threads.shutdownNow();
      threads.close();
      tasks.destroy();
    }
    base.awaitAgain();
  }

  private static int put(JoinableQueue<Integer> tasks) throws InterruptedException {
    int task = 0;
    try {
      while (task < MOST_TASKS) {
        tasks.put(task);
        task++;
      }
    } catch (QueueShutDownException e) {
      // the end of the test
    }
    return task;
  }

  private static Void takeAll(JoinableQueue<Integer> tasks, Journal taken)
      throws InterruptedException {
    try {
      while (true) {
        taken.increment(tasks.take());
        tasks.taskDone();
      }
    } catch (QueueShutDownException e) {
      return null;
    }
  }

  private static void kill(JvmProcess victim, Journal taken, int number, Random random)
      throws InterruptedException {
    await().atMost(Deadlines.LONG).until(() -> taken.get(MOST_TASKS + number) == 1);
    assertThat(victim.join(Duration.ofMillis(random.nextInt(40)))).isFalse();
    victim.kill();
    assertThat(victim.join(Deadlines.LONG)).isTrue();
    victim.close();
  }
}
