package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a future does whose waiter reads a worker's results.
class AsyncResultTest {
  @Test
  void waiterWhoReadsResultsIsToldWhenOthersCompleteTheFuture() throws Exception {
    var worker = new SilentWorker();
    var dispatcher = new Dispatcher("pool", 0);
    dispatcher.enter(new Desk(worker));
    AsyncResult<Integer> result =
        AsyncResult.of(
            new CallbackLane(),
            dispatcher,
            Codec.standard(),
            dispatcher.nextId(),
            new ByteSink(8),
            null,
            null);
    var waiter = new FutureTask<>(result::get);
    Thread.ofPlatform().daemon().start(waiter);
    worker.helping.await();

    result.complete(5);

    await().atMost(Deadlines.LONG).until(waiter::isDone);
    assertThat(waiter.get(0, TimeUnit.SECONDS)).isEqualTo(5);
  }
}
