package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.internal.arena.FailPoint;
import io.procession.queue.QueueShutDownException;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that shuts a queue down is killed before it could wake anybody: all are told, in every
/// process.
@Tag("platforms")
class QueueShutDownCrashIT {
  private final Base base = Base.now();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("shut-down-", 0).factory());

  @AfterEach
  void end() {
    threads.shutdownNow();
    threads.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takersAreToldAfterIt(boolean immediate) throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    Future<String> taker = threads.submit(queue::take);
    Doomed.dieAt(FailPoint.RING_SHUT_DOWN, 1, () -> queue.shutdown(immediate));
    assertShutDown(taker);
    queue.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void puttersAreToldAfterIt(boolean immediate) throws Exception {
    SharedQueue<String> queue = SharedQueue.create(2);
    queue.putMany(List.of("a", "b"));
    Future<Boolean> putter = threads.submit(() -> queue.offer("c", 1, TimeUnit.DAYS));
    Doomed.dieAt(FailPoint.RING_SHUT_DOWN, 1, () -> queue.shutdown(immediate));
    assertShutDown(putter);
    List<String> rest = new ArrayList<>();
    assertThat(queue).hasSize(immediate ? 0 : 2);
    queue.drainTo(rest);
    assertThat(rest).isEqualTo(immediate ? List.of() : List.of("a", "b"));
    assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::poll);
    queue.destroy();
    base.awaitAgain();
  }

  @Test
  void itsDeathInTheMidstOfDroppingDropsAll() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    queue.putMany(List.of("a", "b", "c"));
    Doomed.dieAt(FailPoint.RING_CONSUMED, 2, () -> queue.shutdown(true));
    assertThat(queue).isEmpty();
    assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::take);
    queue.destroy();
    base.awaitAgain();
  }

  private static void assertShutDown(Future<?> call) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> call.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .withCauseInstanceOf(QueueShutDownException.class);
  }
}
