package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.CrashPoint;
import io.procession.manager.LocalManager;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.shared.SharedValue;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
  @EnumSource(names = {"CELL_DOOMED", "USER_REMOVED"})
  void whatADyingHeirLeavesIsDestroyed(CrashPoint point) throws Exception {
    SharedQueue<SharedValue<Integer>> back = SharedQueue.open();
    SharedQueue<String> orders = SharedQueue.open();
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
}
