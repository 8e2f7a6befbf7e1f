package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.queue.PipeQueue;
import io.procession.testing.Deadlines;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/// Users of a queue with the memory of a pipe are killed at the points that a bound on elements *and* on
/// memory adds to those of other queues: nothing is torn, and the others go on.
@Tag("platforms")
class PipeQueueCrashIT {
  private static final int BOUND = 8;

  private final Base base = Base.now();
  private final PipeQueue<String> queue = PipeQueue.create(BOUND);
  @TempDir Path folder;

  @AfterEach
  void everythingIsGivenBack() {
    queue.destroy();
    base.awaitAgain();
  }

  static final List<FailPoint> OF_A_TAKER =
      List.of(
          FailPoint.RING_HEAD_MOVED,
          FailPoint.RING_CONSUMED,
          FailPoint.RING_COUNTED_GONE,
          FailPoint.RING_WRITERS_CLEARED);

  @ParameterizedTest
  @FieldSource("OF_A_TAKER")
  void puttersGoOnAfterTheDeathOfATaker(FailPoint point) throws Exception {
    Ledger ledger = new Ledger(folder.resolve("ledger"), 1, 1 << 20);
    PipeQueue<String> shared = queue;
    JvmProcess putter =
        JvmProcess.of(() -> {
          for (int i = 0; i < 500; i++) {
            int number = ledger.begin(0);
            shared.put(new Parcel(0, number).toText());
            ledger.done(0, number);
          }
        });
    putter.start();
    Doomed.dieAt(
        point,
        1,
        () -> {
          while (true) {
            Thread.sleep(1); // so the putter finds the queue full
            ledger.taken(Parcel.of(shared.take()));
          }
        });
    drain(ledger, putter);
    ledger.verify(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {"RING_TAIL_MOVED", "RING_PUBLISHED", "RING_WRITERS_MARKED"})
  void takersGetWhatADeadPutterHasPut(FailPoint point) throws Exception {
    Ledger ledger = new Ledger(folder.resolve("ledger"), 2, 1 << 20);
    PipeQueue<String> shared = queue;
    Doomed.dieAt(
        point,
        1,
        () -> {
          while (true) {
            int number = ledger.begin(1);
            shared.put(new Parcel(1, number).toText());
            ledger.done(1, number);
          }
        });
    JvmProcess putter =
        JvmProcess.of(() -> {
          for (int i = 0; i < 200; i++) {
            int number = ledger.begin(0);
            boolean put = false;
            while (!put) {
              put = shared.offer(new Parcel(0, number).toText());
            }
            ledger.done(0, number);
          }
        });
    putter.start();
    drain(ledger, putter);
    ledger.verify(0);
  }

  private void drain(Ledger ledger, JvmProcess putter) throws InterruptedException {
    while (putter.isAlive() || !queue.isEmpty()) {
      String text = queue.poll(1, TimeUnit.MILLISECONDS);
      if (text != null) {
        ledger.taken(Parcel.of(text));
      }
    }
    assertThat(putter.join(Deadlines.LONG)).isTrue();
    assertThat(putter.exitCode()).hasValue(0);
  }
}
