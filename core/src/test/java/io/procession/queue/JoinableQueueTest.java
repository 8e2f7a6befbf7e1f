package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.Session;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A joinable queue is a `BlockingQueue`, and counts.
class JoinableQueueTest extends BlockingQueueContract {
  @Override
  BlockingQueue<Object> make() {
    return JoinableQueue.create();
  }

  @Override
  void free(BlockingQueue<Object> made) {
    ((JoinableQueue<?>) made).close();
  }

  private JoinableQueue<Object> tasks() {
    return (JoinableQueue<Object>) queue;
  }

  @TestFactory
  Stream<DynamicNode> asGuavaHasIt() {
    return GuavaSuites.of("joinable", JoinableQueue::<String>create, JoinableQueue::destroy);
  }

  @Test
  void unfinishedFromPutToDone() throws Exception {
    assertThat(tasks().unfinishedTasks()).isEqualTo(3);
    assertThat(tasks().take()).isEqualTo("a");
    assertThat(tasks().unfinishedTasks()).isEqualTo(3);
    tasks().taskDone();
    assertThat(tasks().unfinishedTasks()).isEqualTo(2);
    tasks().putMany(List.of("d", "e"));
    assertThat(tasks().unfinishedTasks()).isEqualTo(4);
    assertThat(tasks().drainTo(new ArrayList<>())).isEqualTo(4);
    assertThat(tasks().unfinishedTasks()).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      assertThat(tasks().join(Duration.ZERO)).isFalse();
      tasks().taskDone();
    }
    tasks().join();
    assertThat(tasks().join(Duration.ofDays(-1))).isTrue();
  }

  @Test
  void whatIsRemovedIsFinished() {
    assertThat(tasks().remove("b")).isTrue();
    assertThat(tasks().unfinishedTasks()).isEqualTo(2);
    var iterator = tasks().iterator();
    iterator.next();
    iterator.remove();
    assertThat(tasks().unfinishedTasks()).isOne();
    tasks().clear();
    assertThat(tasks().unfinishedTasks()).isZero();
  }

  @Test
  void oneCallTooManyThrows() throws Exception {
    assertThatIllegalStateException()
        .isThrownBy(() -> tasks().taskDone())
        .withMessageContaining(tasks().name());
    tasks().take();
    tasks().taskDone();
    assertThatIllegalStateException().isThrownBy(() -> tasks().taskDone());
    assertThat(tasks().unfinishedTasks()).isEqualTo(2);
  }

  @Test
  void joinWaitsForTheLast() throws Exception {
    Future<Boolean> joined =
        elsewhere(() -> {
          tasks().join();
          return true;
        });
    Future<Boolean> joinedInTime =
        elsewhere(() -> tasks().join(Duration.ofSeconds(Long.MAX_VALUE)));
    for (int i = 0; i < 3; i++) {
      assertThat(tasks().join(Deadlines.SHORT)).isFalse();
      assertThat(joined.isDone()).isFalse();
      tasks().take();
      assertThat(joinedInTime.isDone()).isFalse();
      tasks().taskDone();
    }
    assertThat(result(joined)).isTrue();
    assertThat(result(joinedInTime)).isTrue();
  }

  @Test
  void whatDropsTheLastEndsJoin() throws Exception {
    Future<Boolean> joined = elsewhere(() -> tasks().join(Duration.ofDays(1)));
    assertThat(tasks().join(Deadlines.SHORT)).isFalse();
    tasks().clear();
    assertThat(result(joined)).isTrue();
    tasks().put("x");
    Future<Boolean> again = elsewhere(() -> tasks().join(Duration.ofDays(1)));
    assertThat(tasks().join(Deadlines.SHORT)).isFalse();
    tasks().shutdown(true);
    assertThat(result(again)).isTrue();
  }

  @Test
  void joinOfAQueueThatWasShutDownWaitsForTheRest() throws Exception {
    tasks().shutdown(false);
    Future<Boolean> joined = elsewhere(() -> tasks().join(Duration.ofDays(1)));
    assertThat(tasks().join(Deadlines.SHORT)).isFalse();
    while (!tasks().isEmpty()) {
      tasks().take();
      tasks().taskDone();
    }
    assertThat(result(joined)).isTrue();
    assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> tasks().take());
  }

  @Test
  void interruptEndsJoin() throws Exception {
    Future<Boolean> joined = elsewhere(() -> tasks().join(Duration.ofDays(1)));
    interruptAll();
    assertInterrupted(joined);
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            interrupted(() -> {
              tasks().join();
              return true;
            }));
  }

  @Test
  void closingEndsJoin() {
    Future<Boolean> joined = elsewhere(() -> tasks().join(Duration.ofDays(1)));
    tasks().close();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> joined.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS))
        .withCauseInstanceOf(IllegalStateException.class);
    assertThatIllegalStateException().isThrownBy(() -> tasks().taskDone());
  }

  @Test
  void manyTakersCountRight() throws Exception {
    tasks().clear();
    int each = 5_000;
    List<Future<Integer>> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      takers.add(elsewhere(this::takeUntilShutDown));
    }
    for (int i = 0; i < each; i++) {
      tasks().put(i);
    }
    tasks().join();
    assertThat(tasks().unfinishedTasks()).isZero();
    tasks().shutdown(false);
    int taken = 0;
    for (Future<Integer> taker : takers) {
      taken += result(taker);
    }
    assertThat(taken).isEqualTo(each);
  }

  private int takeUntilShutDown() throws InterruptedException {
    int taken = 0;
    while (true) {
      try {
        tasks().take();
      } catch (QueueShutDownException e) {
        return taken;
      }
      tasks().taskDone();
      taken++;
    }
  }

  @Test
  void allIsGivenBack() {
    Session session = Session.current();
    int units = session.units().inUse();
    JoinableQueue.create().close();
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
  }
}
