package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.process.DeathCause;
import io.procession.serial.SerializableFunction;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tasks that may run for a limited time only.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeadlineIT {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final TaskOptions SOFT =
      TaskOptions.defaults().withDeadline(SOON).withHardDeadline(Deadlines.LONG);
  private static final TaskOptions HARD =
      TaskOptions.defaults().withDeadline(SOON).withHardDeadline(Duration.ofMillis(400));

  /// Functions that workers have read before their time counts.
  private static final SerializableFunction<Long, Integer> SLEEP = DeadlineIT::sleep;

  private static final SerializableFunction<Long, Integer> SPIN = DeadlineIT::spin;

  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(1);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static long pid() {
    return pool.apply(() -> ProcessHandle.current().pid());
  }

  private static int sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return 1;
  }

  private static int spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
    return 1;
  }

  private static int sleep() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
    return 1;
  }

  private static int spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static TaskTimeoutException timeout(AsyncResult<?> result) {
    Throwable thrown = catchThrowable(result::join);
    assertThat(thrown).cause().isInstanceOf(TaskException.class).hasMessageContaining("deadline");
    return (TaskTimeoutException) causeOf(causeOf(thrown));
  }

  private static Throwable causeOf(Throwable thrown) {
    return requireNonNull(thrown.getCause());
  }

  @Test
  void taskIsInterruptedAndItsStacksAreTold() {
    int warm = pool.apply(SLEEP, 0L);
    assertThat(warm).isEqualTo(1);
    long pid = pid();
    AsyncResult<Integer> result = pool.applyAsync(SOFT, SLEEP, Long.MAX_VALUE);
    AsyncResult<Boolean> next = pool.applyAsync(() -> Thread.interrupted());

    TaskTimeoutException timeout = timeout(result);

    assertThat(timeout.limit()).isEqualTo(SOON);
    assertThat(timeout).hasCauseInstanceOf(InterruptedException.class);
    assertThat(timeout.dump()).contains("DeadlineIT.sleep").contains("pid " + pid);
    assertThat(timeout.certificate()).isEmpty();
    assertThat(next.join()).isFalse();
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  void resultThatComesAllTheSameIsKept() {
    AsyncResult<Integer> result =
        pool.applyAsync(
            SOFT,
            () -> {
              try {
                return sleep();
              } catch (InterruptedException e) {
                return 7;
              }
            });
    assertThat(result.join()).isEqualTo(7);
  }

  @Test
  void taskThatDoesNotHeedIsKilledAtTheHardDeadline() {
    int warm = pool.apply(SPIN, 0L);
    assertThat(warm).isEqualTo(1);
    long pid = pid();
    Duration later = Duration.ofSeconds(2); // so that even a busy machine tells the stacks
    AsyncResult<Integer> result =
        pool.applyAsync(HARD.withHardDeadline(later), SPIN, Long.MAX_VALUE);
    AsyncResult<Integer> next = pool.applyAsync(x -> x, 5);

    TaskTimeoutException timeout = timeout(result);

    assertThat(timeout.limit()).isEqualTo(later);
    assertThat(timeout.dump()).contains("DeadlineIT.spin");
    assertThat(timeout.certificate())
        .hasValueSatisfying(certificate -> {
          assertThat(certificate.pid()).isEqualTo(pid);
          assertThat(certificate.cause()).isEqualTo(DeathCause.DEADLINE);
        });
    assertThat(next.join()).isEqualTo(5);
  }

  @Test
  void stoppedWorkerIsKilledThatRunsATask() throws Exception {
    TaskTimeoutException timeout;
    do { // until it was stopped before its deadline: then it does not tell its stacks
      timeout =
          timeout(
              pool.applyAsync(
                  HARD.withRetries(3),
                  () -> {
                    stop();
                    return sleep();
                  }));
    } while (timeout.certificate().isEmpty() || !timeout.dump().isEmpty());
    assertThat(timeout.limit()).isEqualTo(HARD.hardDeadline());
  }

  private static void stop() throws IOException, InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
  }

  @Test
  void taskIsTakenFromAWorkerThatIsStoppedBeforeIt() throws Exception {
    long pid = pid();
    Halting.stop(pid);

    AsyncResult<Long> result =
        pool.applyAsync(
            HARD.withHardDeadline(Duration.ofSeconds(3)), () -> ProcessHandle.current().pid());

    assertThat(result.join()).isNotEqualTo(pid);
  }

  @Test
  void progressExtendsTheDeadline() {
    TaskOptions extended = HARD.withExtendedByProgress(true);
    AsyncResult<Integer> result =
        pool.applyAsync(
            extended.withHardDeadline(Deadlines.LONG).withDeadline(Duration.ofSeconds(1)),
            () -> {
              for (int i = 1; i <= 30; i++) {
                Thread.sleep(50);
                Task.current().progress(i / 30.0, "step " + i);
              }
              return 30;
            });
    assertThat(result.join()).isEqualTo(30);
  }

  @Test
  void progressExtendsNoDeadlineOfWhoDidNotAsk() {
    AsyncResult<Integer> result =
        pool.applyAsync(
            HARD.withHardDeadline(Deadlines.LONG).withDeadline(Duration.ofMillis(300)),
            () -> {
              for (int i = 1; true; i++) {
                Thread.sleep(50); // until the deadline interrupts it
                Task.current().progress(0.5, "step " + i);
              }
            });
    assertThatThrownBy(result::join).cause().hasCauseInstanceOf(TaskTimeoutException.class);
  }

  /// Elements of a chunk are timed each for itself: ten that take longer together, one that never ends.
  @Test
  void deadlineOfAMapIsThatOfEachElement() {
    TaskOptions each =
        TaskOptions.defaults()
            .withDeadline(Duration.ofMillis(600))
            .withHardDeadline(Deadlines.LONG);
    try (var timed = ProcessPool.open(PoolOptions.defaults().withProcesses(1).withTask(each))) {
      List<Integer> inputs = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      assertThat(timed.map(DeadlineIT::takeTenth, inputs, 10)).isEqualTo(inputs);
      List<Object> outcomes = new ArrayList<>();
      var results = timed.imapUnordered(x -> x == 2 ? sleep() : x, List.of(1, 2, 3), 3);
      while (results.hasNext()) {
        try {
          outcomes.add(results.next());
        } catch (TaskException e) {
          outcomes.add(causeOf(e).getClass());
        }
      }
      assertThat(outcomes).containsExactlyInAnyOrder(1, TaskTimeoutException.class, 3);
    }
  }

  private static int takeTenth(int x) throws InterruptedException {
    Thread.sleep(100);
    return x;
  }

  /// And those have the same limit, although nobody else was to be looked after at the kill.
  @Test
  void killedElementCostsTheOthersNothing() {
    // what a fresh worker needs until it comes to the element counts, too
    TaskOptions each = TaskOptions.defaults().withHardDeadline(Duration.ofSeconds(2));
    try (var timed = ProcessPool.open(PoolOptions.defaults().withProcesses(1).withTask(each))) {
      List<Object> outcomes = new ArrayList<>();
      var results = timed.imapUnordered(x -> x < 3 ? spin() : x, List.of(1, 2, 3), 3);
      while (results.hasNext()) {
        try {
          outcomes.add(results.next());
        } catch (TaskException e) {
          outcomes.add(causeOf(e).getClass());
        }
      }
      Object late = TaskTimeoutException.class;
      assertThat(outcomes).containsExactlyInAnyOrder(late, late, 3);
    }
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> TaskOptions.defaults().withDeadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline=PT0S");
    assertThatThrownBy(() -> HARD.withDeadline(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hardDeadline=PT0.4S");
  }
}
