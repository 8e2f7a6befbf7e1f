package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a task that is cancelled while it is being submitted.
class ExecutorTaskTest {
  /// Nobody looks after the worker, which never ends its task.
  private static final Rounds NONE =
      new Rounds() {
        @Override
        public long now() {
          return 0;
        }

        @Override
        public void in(long nanos, Runnable round) {}

        @Override
        public void aside(Runnable action) {}
      };

  private final SilentWorker worker = new SilentWorker();
  private final Dispatcher dispatcher = new Dispatcher("pool", PoolOptions.defaults(), NONE, null);
  private final ExecutorTask<Integer> task =
      ExecutorTask.of((SerializableCallable<Integer>) () -> 1, () -> {});

  /// Another thread cancels it when it has begun, and before its result is there to be cancelled.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void taskIsStoppedIfThatWasAskedFor(boolean isToStop) {
    dispatcher.enter(new Desk(worker));

    task.submitTo((origin, _) -> {
      AsyncResult<?> result =
          AsyncResult.of(
              new CallbackLane(),
              dispatcher,
              Codec.standard(),
              dispatcher.nextId(),
              new ByteSink(8),
              origin,
              null);
      task.cancel(isToStop);
      return result;
    });

    assertThat(task).isCancelled();
    assertThat(worker.ordered.getCount()).as("orders to end").isEqualTo(isToStop ? 0 : 1);
  }

  @Test
  void taskThatIsCancelledBeforeIsNotSubmitted() {
    task.cancel(true);
    task.submitTo((_, _) -> {
      throw new AssertionError("submitted");
    });
    assertThat(task).isCancelled();
  }
}
