package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a future does whose waiter reads a worker's results.
class AsyncResultTest {
  @Test
  @SuppressWarnings("NullAway") // what fails for want of memory when the map has begun
  void mapWhoseWaiterCannotBeHadKeepsNoPoolFromItsEnd() {
    var dispatcher = new Dispatcher("pool", 0);
    var pace = new Pace();
    var flow =
        new ChunkFlow(
            dispatcher,
            dispatcher::feed,
            Codec.standard(),
            (Integer x) -> x,
            TaskLayout.MAP,
            ChunkFlow.Order.ARRIVAL,
            pace,
            1,
            1);
    var call =
        new MapCall(
            dispatcher,
            Codec.standard(),
            flow,
            Chunking.given(1, pace),
            Inputs.snapshot(List.of()));
    call.begin();
    dispatcher.close();
    assertThat(dispatcher.wantsWorkers()).isTrue();

    assertThatNullPointerException().isThrownBy(() -> AsyncResult.of(null, call, () -> List.of()));

    assertThat(dispatcher.wantsWorkers()).as("waits for the map").isFalse();
  }

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
