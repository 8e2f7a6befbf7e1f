package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An element that does not fit into the heap keeps no others from who drains the queue.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DrainWithoutMemoryIT {
  private static final int SMALL = 50;
  private static final long HEAP_BYTES = 48L << 20;
  private static final int LARGE_BYTES = 64 << 20;

  @Test
  void whatWasTakenBeforeItIsHandedOver() throws Exception {
    JoinableQueue<byte[]> queue = JoinableQueue.create();
    try {
      for (int i = 0; i < SMALL; i++) {
        queue.put(new byte[] {(byte) i});
      }
      queue.put(new byte[LARGE_BYTES]);
      JvmProcess process =
          JvmProcess.of(
              LaunchOptions.defaults().withMaxHeap(HEAP_BYTES), () -> drainIntoASmallHeap(queue));
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
      assertThat(queue.take()).hasSize(LARGE_BYTES); // it has stayed
      queue.taskDone();
      assertThat(queue.join(Deadlines.LONG)).isTrue();
      process.close();
    } finally {
      queue.destroy();
    }
  }

  private static void drainIntoASmallHeap(JoinableQueue<byte[]> queue) {
    List<byte[]> drained = new ArrayList<>();
    assertThat(queue.drainTo(drained)).isEqualTo(SMALL);
    for (int i = 0; i < SMALL; i++) {
      assertThat(drained.get(i)).containsExactly(i);
      queue.taskDone();
    }
    assertThatThrownBy(() -> queue.drainTo(drained)).isInstanceOf(OutOfMemoryError.class);
    assertThat(drained).hasSize(SMALL);
  }
}
