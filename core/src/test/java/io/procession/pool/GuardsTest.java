package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the user's code throws in one place, or an odd value, ends nothing elsewhere.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GuardsTest {
  private static void fail(String what) {
    throw new IllegalStateException(what);
  }

  @Test
  void callbacksGoOnAfterAHandlerThatThrows() throws Exception {
    var lane = new CallbackLane();
    var second = new CountDownLatch(1);
    lane.expect();
    lane.expect();
    lane.run(
        () -> {
          Thread.currentThread().setUncaughtExceptionHandler((_, _) -> fail("of the handler"));
          fail("of the callback");
        },
        null);
    lane.run(second::countDown, null);

    assertThat(second.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    lane.awaitIdle();
  }

  /// Without an identity, and it throws.
  private record Bad(CountDownLatch heard) implements PoolListener {
    @Override
    public void taskFailed(TaskEvent event) {
      heard.countDown();
      fail("of a listener; it is logged once");
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("equals");
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("hashCode");
    }
  }

  @Test
  void listenersHearMoreAfterOneThatCannotBeHashed() throws Exception {
    var heard = new CountDownLatch(2);
    var events = requireNonNull(Events.of("pool", List.of(new Bad(heard))));
    var event = new TaskEvent("pool", 1, null, 1, 1, null, 0, null, null);
    events.add(listener -> listener.taskFailed(event));
    events.add(listener -> listener.taskFailed(event));

    assertThat(heard.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void valueThatCannotBeClosedIsNobodysFault() {
    AutoCloseable value =
        Worker.<AutoCloseable>local(
            "of GuardsTest",
            () ->
                () -> {
                  throw new AssertionError("of its close; it is logged");
                });
    assertThat(value).isNotNull();
    assertThatCode(Worker::forgetLocals).doesNotThrowAnyException();
  }

  @Test
  void crewOfAPoolThatHasEndedEnds() {
    var dispatcher = new Dispatcher("ended", 0);
    dispatcher.end("of the test", null);
    Crew crew = Crew.open("ended", PoolOptions.defaults().withProcesses(1), dispatcher);
    crew.terminate();
    assertThat(crew.workers()).isEmpty();
  }

  @Test
  void poolThatIsBrokenOpensNoActors() {
    var actors = new Actors("broken", PoolOptions.defaults(), Codec.standard(), () -> false, null);
    SerializableCallable<Runnable> factory = () -> () -> {};
    assertThatThrownBy(() -> actors.open(Runnable.class, factory, ActorOptions.defaults()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("broken");
  }

  @Test
  void timesWithoutEndAreTimesWithoutEnd() {
    Duration forEver = ChronoUnit.FOREVER.getDuration();
    PoolOptions options = PoolOptions.defaults().withGrace(forEver);
    TaskOptions task = TaskOptions.defaults().withDeadline(Duration.ofSeconds(1));
    assertThat(Terms.of(options, task).hard()).isEqualTo(Terms.NEVER);
    assertThat(Terms.of(options, task).soft()).isEqualTo(1_000_000_000);
    assertThat(new Dispatcher("pool", options).isOpen()).isTrue();
  }

  @Test
  void timeThatIsFarBelowNothingIsNone() {
    SerializableCallable<Integer> one = () -> 1;
    AsyncResult<Integer> result =
        AsyncResult.of(
            new CallbackLane(),
            new Dispatcher("pool", 0),
            Codec.standard(),
            1,
            TaskLayout.call(1, Codec.standard(), one, TaskLayout.open()),
            null,
            null);
    assertThatThrownBy(() -> result.get(Long.MIN_VALUE, TimeUnit.NANOSECONDS))
        .isInstanceOf(TimeoutException.class);
  }
}
