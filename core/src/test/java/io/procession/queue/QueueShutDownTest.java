package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `shutdown`, as `queue.Queue` of Python 3.13 has it.
@Tag("platforms")
class QueueShutDownTest {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("shut-down-", 0).factory());
  private final SharedQueue<String> queue = SharedQueue.create(3);

  @AfterEach
  void end() {
    queue.close();
    threads.shutdownNow();
    threads.close();
  }

  private static void assertShutDown(ThrowingCallable call) {
    assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(call);
  }

  @Test
  void nothingIsPutAnyMore() {
    assertThat(queue.isShutdown()).isFalse();
    queue.shutdown(false);
    assertThat(queue.isShutdown()).isTrue();
    assertShutDown(() -> queue.put("x"));
    assertShutDown(() -> queue.putMany(List.of("x")));
    assertShutDown(() -> queue.add("x"));
    assertShutDown(() -> queue.offer("x"));
    assertShutDown(() -> queue.offer("x", 1, TimeUnit.DAYS));
    assertThat(queue).isEmpty();
  }

  @Test
  void takersGetTheRestAndThenThrow() throws Exception {
    queue.putMany(List.of("a", "b", "c"));
    queue.shutdown(false);
    queue.shutdown(false);
    assertThat(queue.peek()).isEqualTo("a");
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.poll(1, TimeUnit.DAYS)).isEqualTo("c");
    assertShutDown(queue::take);
    assertShutDown(queue::poll);
    assertShutDown(() -> queue.poll(1, TimeUnit.DAYS));
    assertShutDown(queue::remove);
    assertThat(queue.peek()).isNull();
    assertThat(queue.drainTo(new ArrayList<>())).isZero();
  }

  @Test
  void immediatelyNothingIsLeft() throws Exception {
    queue.putMany(List.of("a", "b"));
    queue.shutdown(false);
    queue.shutdown(true);
    assertThat(queue).isEmpty();
    assertThat(queue.iterator().hasNext()).isFalse();
    assertThat(queue.contains("b")).isFalse();
    assertThat(queue.isFull()).isFalse();
    assertThat(queue.drainTo(new ArrayList<>())).isZero();
    assertShutDown(queue::poll);
    queue.shutdown(false);
    assertShutDown(queue::take);
  }

  @Test
  void allTakersAreWoken() throws Exception {
    List<Future<?>> takers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      takers.add(threads.submit(() -> queue.take()));
      takers.add(threads.submit(() -> queue.poll(1, TimeUnit.DAYS)));
    }
    letThemSleep();
    queue.shutdown(false);
    assertAllShutDown(takers);
  }

  @Test
  void allPuttersAreWoken() throws Exception {
    queue.putMany(List.of("a", "b", "c"));
    List<Future<?>> putters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      putters.add(
          threads.submit(() -> {
            queue.put("x");
            return true;
          }));
      putters.add(threads.submit(() -> queue.offer("x", 1, TimeUnit.DAYS)));
      putters.add(
          threads.submit(() -> {
            queue.putMany(List.of("x", "y"));
            return true;
          }));
    }
    letThemSleep();
    queue.shutdown(false);
    assertAllShutDown(putters);
    List<String> rest = new ArrayList<>();
    queue.drainTo(rest);
    assertThat(rest).containsExactly("a", "b", "c");
  }

  /// Somebody who waits for nothing so long is asleep by then, and so are those who came before.
  private void letThemSleep() throws Exception {
    SharedQueue<String> other = SharedQueue.create();
    assertThat(other.poll(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    other.close();
  }

  private static void assertAllShutDown(List<Future<?>> calls) {
    for (Future<?> call : calls) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> call.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS))
          .withCauseInstanceOf(QueueShutDownException.class);
    }
  }
}
