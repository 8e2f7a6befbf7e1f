package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.manager.LocalManager;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process is killed while it destroys what its dead child had made to end with it: whoever buries
/// both destroys the rest.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EstateCrashIT {
  private static final int OBJECTS = 3;

  private final Base base = Base.now();

  @ParameterizedTest
  @EnumSource(names = {"CELL_INHERITED", "CELL_DOOMED", "USER_REMOVED"})
  void whatADyingHeirLeavesIsDestroyed(FailPoint point) throws Exception {
    SharedQueue<SharedValue<Integer>> back = SharedQueue.create();
    SharedQueue<String> orders = SharedQueue.create();
    CompletableFuture<List<SharedValue<Integer>>> received =
        CompletableFuture.supplyAsync(() -> {
          List<SharedValue<Integer>> values = new ArrayList<>();
          try {
            for (int i = 0; i < OBJECTS; i++) {
              values.add(back.take());
            }
            orders.put("kill it");
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return values;
        });
    Doomed.dieAt(
        point,
        1,
        () -> {
          JvmProcess maker =
              JvmProcess.of(() -> {
                LocalManager manager = LocalManager.open();
                for (int i = 0; i < OBJECTS; i++) {
                  back.put(manager.value(i));
                }
                Thread.currentThread().join();
              });
          maker.start();
          orders.take();
          maker.kill();
          maker.join();
        });
    for (SharedValue<Integer> value : received.get(30, TimeUnit.SECONDS)) {
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() ->
              assertThatIllegalStateException()
                  .isThrownBy(value::get)
                  .withMessageContaining("destroyed"));
      value.close();
    }
    back.destroy();
    orders.destroy();
    base.awaitAgain();
  }

  /// A process that is stopped has one of the queue's locks, so who buries the maker is long done with
  /// that when it dies itself, and the queue is still there.
  @Test
  void queueOfAMakerThatWasBuriedByAProcessThatDiedIsDestroyed() throws Exception {
    SharedQueue<SharedQueue<String>> back = SharedQueue.create();
    SharedEvent order = SharedEvent.create();
    SharedEvent buried = SharedEvent.create();
    JvmProcess heir =
        JvmProcess.of(() -> {
          JvmProcess maker =
              JvmProcess.of(() -> {
                back.put(LocalManager.open().queue());
                Thread.currentThread().join();
              });
          maker.start();
          order.await();
          maker.kill();
          maker.join();
          buried.set();
          Thread.currentThread().join();
        });
    heir.start();
    SharedQueue<String> queue = back.take();
    LaunchOptions options =
        LaunchOptions.defaults()
            .withSystemProperty("procession.crash", FailPoint.RING_TAIL_MOVED + ":stop");
    JvmProcess writer = JvmProcess.of("writer", options, () -> queue.put("never there"));
    writer.start();
    Halting.awaitStopped(writer.pid());
    order.set();
    buried.await();
    heir.kill();
    heir.join();
    writer.kill();
    writer.join();
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() ->
            assertThatIllegalStateException()
                .isThrownBy(queue::size)
                .withMessageContaining("destroyed"));
    queue.close();
    heir.close();
    writer.close();
    back.destroy();
    order.destroy();
    buried.destroy();
    base.awaitAgain();
  }
}
