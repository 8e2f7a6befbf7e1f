package io.procession.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.JvmProcess;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Programs that never end with Python's queues, whose guidelines warn of them. Here they end.
class QueueDeadlocksIT {
  private static final int MIB = 1 << 20;

  /// `q = Queue(); p = Process(target=f, args=(q,)); p.start(); p.join(); q.get()`.
  @Test
  void childThatHasPutAMegabyteIsJoined() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    join(JvmProcess.of(() -> queue.put("X".repeat(MIB))));
    assertThat(queue.take()).hasSize(MIB);
    queue.destroy();
  }

  @Test
  void childThatHasPutAGigabyteIsJoined() throws Exception {
    // by default it would be a quarter of the memory, of which small machines have less than that
    SharedQueue<byte[]> queue = SharedQueue.create(QueueOptions.defaults().withMaxBytes(2L << 30));
    join(
        JvmProcess.of(() -> {
          byte[] element = new byte[MIB];
          for (int i = 0; i < 1024; i++) {
            element[i] = (byte) i;
            queue.put(element);
          }
        }));
    assertThat(queue).hasSize(1024);
    for (int i = 0; i < 1024; i++) {
      byte[] element = queue.take();
      assertThat(element).hasSize(MIB);
      assertThat(element[i]).isEqualTo((byte) i);
    }
    queue.destroy();
  }

  @Test
  void childThatHasPutAMegabyteIntoEveryOtherKindIsJoined() throws Exception {
    SimpleQueue<String> simple = SimpleQueue.create();
    JoinableQueue<String> joinable = JoinableQueue.create();
    BufferedQueue<String> buffered = BufferedQueue.create();
    join(
        JvmProcess.of(() -> {
          simple.put("X".repeat(MIB));
          joinable.put("X".repeat(MIB));
          buffered.put("X".repeat(MIB));
        }));
    assertThat(simple.take()).hasSize(MIB);
    assertThat(joinable.take()).hasSize(MIB);
    assertThat(buffered.take()).hasSize(MIB);
    simple.destroy();
    joinable.destroy();
    ((SharedQueue<String>) buffered.queue()).destroy();
  }

  private static void join(JvmProcess child) throws InterruptedException {
    child.start();
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(0);
    child.close();
  }

  /// Everything is put before one result is read.
  @Test
  void tasksAndResultsAreBothFilledFirst() throws Exception {
    int tasks = 20_000;
    int workers = 2;
    SharedQueue<Integer> tasksToDo = SharedQueue.create();
    SharedQueue<String> results = SharedQueue.create();
    List<JvmProcess> children = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      JvmProcess child =
          JvmProcess.of(() -> {
            for (int task = tasksToDo.take(); task >= 0; task = tasksToDo.take()) {
              results.put(task + ":" + "x".repeat(500));
            }
          });
      child.start();
      children.add(child);
    }
    for (int task = 0; task < tasks; task++) {
      tasksToDo.put(task);
    }
    for (int i = 0; i < workers; i++) {
      tasksToDo.put(-1);
    }
    for (JvmProcess child : children) {
      assertThat(child.join(Deadlines.LONG)).isTrue(); // all results are in the queue
      child.close();
    }
    boolean[] seen = new boolean[tasks];
    for (int i = 0; i < tasks; i++) {
      String result =
          requireNonNull(results.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
      int task = Integer.parseInt(result, 0, result.indexOf(':'), 10);
      assertThat(seen[task]).isFalse();
      seen[task] = true;
    }
    assertThat(results).isEmpty();
    tasksToDo.destroy();
    results.destroy();
  }
}
