package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.process.DeathCause;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is told of a failure says which task it was, which input and where.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolMessagesIT {
  private static final List<Integer> NUMBERS = IntStream.range(0, 1_000).boxed().toList();

  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(1);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static int divide(int by) {
    return 10 / (by - 777);
  }

  private static void requireElement(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("ArithmeticException")
        .hasMessageEndingWith("; element=777, input=777");
    assertThat(((TaskException) thrown).element()).hasValue(777);
  }

  @Test
  void failureNamesTheInput() {
    requireElement(catchThrowable(() -> pool.map(PoolMessagesIT::divide, NUMBERS)));
    requireElement(catchThrowable(() -> pool.map(PoolMessagesIT::divide, NUMBERS, 900)));
    requireElement(
        catchThrowable(
            () -> NUMBERS.stream().gather(pool.mapping(PoolMessagesIT::divide)).forEach(_ -> {})));
    requireElement(
        catchThrowable(
            () -> pool.imap(PoolMessagesIT::divide, NUMBERS, 100).forEachRemaining(_ -> {})));
    assertThat(((TaskException) catchThrowable(() -> pool.apply(() -> divide(777)))).element())
        .isEmpty();
  }

  @Test
  void inputThatCannotBeSentIsNamed() {
    List<Object> inputs = List.of(1, 2, 3, 4, new Object(), 6);
    String told = "an input cannot be sent: element=4, input=java.lang.Object@";
    assertThatThrownBy(() -> pool.map(x -> x, inputs, 3))
        .isInstanceOf(NotSendableException.class)
        .hasMessageStartingWith(told);
    var results = pool.imap(x -> x, inputs, 3);
    results.next();
    results.next();
    results.next();
    results.next();
    assertThatThrownBy(results::next)
        .isInstanceOf(NotSendableException.class)
        .hasMessageStartingWith(told);
    assertThat(results.next()).isEqualTo(6);
  }

  private static String printed(@Nullable Throwable thrown) {
    var out = new StringWriter();
    requireNonNull(thrown).printStackTrace(new PrintWriter(out, true));
    return out.toString();
  }

  @Test
  void deadlineIsToldInOneLineAndItsDumpOnce() {
    TaskOptions soft =
        TaskOptions.defaults().withName("the slow one").withDeadline(Duration.ofMillis(100));
    Throwable thrown =
        catchThrowable(() -> pool.applyAsync(soft, () -> Thread.sleep(60_000)).join()).getCause();
    String worker = pool.workers().getFirst().name();
    assertThat(thrown)
        .hasMessage(
            "task \"the slow one\" was interrupted in " + worker + " at its deadline of PT0.1S");
    assertThat(thrown).cause().hasMessage(requireNonNull(thrown).getMessage());
    assertThat(printed(thrown)).containsOnlyOnce("KiB of").contains("its worker at the deadline:");

    TaskOptions hard =
        soft.withHardDeadline(
            Duration.ofSeconds(2)); // so that even a busy machine tells the stacks
    Throwable killed =
        catchThrowable(() -> pool.applyAsync(hard, PoolMessagesIT::spin).join()).getCause();
    assertThat(killed)
        .hasMessage(
            "task \"the slow one\" ran too long: it did not heed the interrupt at its deadline of"
                + " PT0.1S, and "
                + worker
                + " was killed at PT2S");
    assertThat(printed(killed)).containsOnlyOnce("KiB of");
  }

  @Test
  void whatWasNullIsTold() {
    Map<String, String> empty = new HashMap<>();
    Throwable told = catchThrowable(() -> pool.apply(() -> length(empty)));
    assertThat(told)
        .hasMessageContaining("because the return value of \"java.util.Map.get(Object)\" is null");
    assertThat(told.getCause())
        .isExactlyInstanceOf(NullPointerException.class)
        .hasMessageContaining("\"java.util.Map.get(Object)\" is null");
  }

  @SuppressWarnings("NullAway") // as many a task does
  private static int length(Map<String, String> map) {
    return map.get("x").length();
  }

  @Test
  void exitWithinATaskIsNoQuietEnd() {
    Throwable told = catchThrowable(() -> pool.apply(() -> System.exit(0)));
    assertThat(told)
        .hasMessageEndingWith(
            " exited with code 0 in the midst of its task: something there has called System.exit");
    assertThat(told)
        .cause()
        .isInstanceOfSatisfying(
            WorkerDiedException.class,
            e -> assertThat(e.certificate().cause()).isEqualTo(DeathCause.EXIT_CODE));
  }

  private static void spin() {
    while (true) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  interface Speaker {
    void speak();
  }

  @Test
  void whatCannotLeaveSaysSoAndWhereItIs() {
    try (Actor<Speaker> actor = pool.actor(Speaker.class, () -> () -> {})) {
      Speaker speaker = actor.proxy();
      assertThatThrownBy(() -> pool.apply(() -> speaker.speak()))
          .isInstanceOf(NotSendableException.class)
          .hasMessageContaining("its proxy cannot be sent: actor=Speaker at ")
          .hasMessageContaining("; let a manager hold")
          .hasMessageContaining("captured variable speaker")
          .hasMessageContaining("PoolMessagesIT.java:");
    }
    SharedQueue<Integer> queue = SharedQueue.create();
    queue.destroy();
    queue.close();
    assertThatThrownBy(() -> pool.applyAsync(() -> queue.size()))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("captured variable queue")
        .hasMessageContaining("PoolMessagesIT.java:");
  }

  @Test
  void taskNeedNotHaveAResult() throws Exception {
    pool.apply(() -> System.setProperty("of.the.test", "1"));
    pool.apply(() -> Thread.sleep(1));
    assertThat(pool.applyAsync(() -> Thread.sleep(1)).get()).isNull();
  }
}
