package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process that puts or takes messages of many units is killed where it takes their memory from, or
/// gives it to, what the ring keeps: nothing of it is lost, and nothing is used twice.
@Tag("platforms")
class LargeMessageCrashIT {
  private static final int[] SIZES = {300_000, 1 << 20, 70_000, 5 << 20, 1 << 20, 5_000_000};

  private final Base base = Base.now();
  private final SharedQueue<byte[]> queue = SharedQueue.create();

  @AfterEach
  void everythingIsGivenBack() {
    queue.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @CsvSource({"RING_SPARE_TAKEN,1", "RING_SPARE_TAKEN,3", "RING_SEGMENT_LINKED,5"})
  void writerDies(FailPoint point, int visit) throws Exception {
    SharedQueue<byte[]> shared = queue;
    JvmProcess taker =
        JvmProcess.of(() -> {
          byte[] message = shared.take();
          while (message.length > 0) {
            check(message);
            message = shared.take();
          }
        });
    taker.start();
    Doomed.dieAt(
        point,
        visit,
        () -> {
          for (int i = 0; ; i++) {
            if (shared.size() < 2) {
              shared.put(message(i));
            } else {
              Thread.sleep(1);
            }
          }
        });
    othersGoOn();
    queue.put(new byte[0]);
    taker.join();
    assertThat(taker.exitCode()).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"RING_SPARE_STORED,1", "RING_SPARE_STORED,4", "RING_HEAD_MOVED,6"})
  void readerDies(FailPoint point, int visit) throws Exception {
    for (int i = 0; i < 20; i++) {
      queue.put(message(i));
    }
    SharedQueue<byte[]> shared = queue;
    Doomed.dieAt(
        point,
        visit,
        () -> {
          while (true) {
            check(shared.take());
          }
        });
    byte[] left = queue.poll();
    while (left != null) {
      check(left);
      left = queue.poll();
    }
    othersGoOn();
  }

  private void othersGoOn() throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      queue.put(message(i));
      queue.put(message(i + 1));
      byte[] first = queue.poll();
      byte[] second = queue.poll();
      if (first != null) {
        check(first);
      }
      if (second != null) {
        check(second);
      }
    }
  }

  private static byte[] message(int number) {
    byte[] message = new byte[SIZES[number % SIZES.length]];
    Arrays.fill(message, (byte) (number + 1));
    return message;
  }

  private static void check(byte[] message) {
    int wrong = 0;
    for (byte each : message) {
      wrong |= each ^ message[0];
    }
    assertThat(wrong).isZero();
  }
}
