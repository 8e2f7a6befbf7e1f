package io.procession.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A queue between processes: what is put in one is taken in another.
class QueueAcrossProcessesIT {
  private static final int EACH = 50_000;

  @Test
  void childTakesWhatTheParentPuts() throws Exception {
    try (SharedQueue<String> there = SharedQueue.create();
        SharedQueue<Integer> back = SharedQueue.create()) {
      JvmProcess child =
          start(() -> {
            while (true) {
              String text = there.take();
              back.put(text.length());
              if (text.isEmpty()) {
                return;
              }
            }
          });
      for (int length : new int[] {5, 300, 70_000, 200_000, 0}) {
        there.put("x".repeat(length));
        assertThat(back.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(length);
      }
      end(child);
      there.destroy();
      back.destroy();
    }
  }

  @Test
  void nothingIsLostOrDoubledBetweenManyProducersAndConsumers() throws Exception {
    SharedQueue<Integer> queue = SharedQueue.create();
    SharedQueue<int[]> results = SharedQueue.create();
    List<JvmProcess> children = new ArrayList<>();
    for (int producer = 0; producer < 2; producer++) {
      int first = producer * EACH;
      children.add(
          start(() -> {
            for (int i = 0; i < EACH; i++) {
              queue.put(first + i);
            }
            queue.put(-1);
          }));
      children.add(
          start(() -> {
            int[] taken = new int[2 * EACH];
            int count = 0;
            for (int value = queue.take(); value >= 0; value = queue.take()) {
              taken[count++] = value;
            }
            results.put(Arrays.copyOf(taken, count));
          }));
    }
    BitSet all = new BitSet();
    for (int consumer = 0; consumer < 2; consumer++) {
      int[] taken = requireNonNull(results.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
      int[] last = {-1, -1};
      for (int value : taken) {
        assertThat(all.get(value)).isFalse();
        all.set(value);
        assertThat(value).isGreaterThan(last[value / EACH]);
        last[value / EACH] = value;
      }
    }
    assertThat(all.cardinality()).isEqualTo(2 * EACH);
    for (JvmProcess child : children) {
      end(child);
    }
    queue.destroy();
    results.destroy();
  }

  @Test
  void queueTravelsInAQueue() throws Exception {
    SharedQueue<SharedQueue<String>> queues = SharedQueue.create();
    SharedQueue<String> inner = SharedQueue.create();
    JvmProcess child = start(() -> queues.take().put("found"));
    queues.put(inner);
    assertThat(inner.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("found");
    end(child);
    queues.destroy();
    inner.destroy();
  }

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess child = JvmProcess.of(task);
    child.start();
    return child;
  }

  private static void end(JvmProcess child) throws InterruptedException {
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(0);
    child.close();
  }
}
