package io.procession.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.serial.NotSendableException;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// A pool runs tasks in its workers and gives back what becomes of them. Most cases share one.
@TestInstance(Lifecycle.PER_CLASS)
abstract class PoolContract extends Contract {
  private static final int WORKERS = 2;

  private @Nullable Workers shared;

  @BeforeAll
  final void open() {
    shared = way().pool(WORKERS);
  }

  @AfterAll
  final void close() {
    pool().close();
  }

  private Workers pool() {
    return requireNonNull(shared);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> squares(int count) {
    return IntStream.range(0, count).map(x -> x * x).boxed().toList();
  }

  @Test
  void appliesATask() throws Exception {
    int seven = 7;
    assertThat(pool().apply(() -> seven * seven)).isEqualTo(49);
    Workers.Later<Integer> later = pool().applyAsync(() -> seven * seven);
    assertThat(later.get(LONG)).isEqualTo(49);
    assertThat(later.ready() && later.successful()).isTrue();
  }

  @Test
  void mapsInOrder() throws Exception {
    assertThat(pool().map(x -> x * x, numbers(10))).isEqualTo(squares(10));
    assertThat(pool().map(x -> x * x, numbers(100), 20)).isEqualTo(squares(100));
    assertThat(pool().map((a, b) -> a - b, numbers(100), numbers(100)))
        .hasSize(100)
        .containsOnly(0);
    assertThat(pool().mapAsync(x -> x * x, numbers(10)).get(LONG)).isEqualTo(squares(10));
  }

  @Test
  void iteratesInOrderOrAsResultsCome() {
    assertIterates(pool().imap(x -> x * x, numbers(100)), squares(100));
    var unordered = new ArrayList<Integer>();
    pool()
        .<Integer, Integer>imapUnordered(x -> x * x, numbers(100))
        .forEachRemaining(unordered::add);
    assertThat(unordered).containsExactlyInAnyOrderElementsOf(squares(100));
  }

  private static void assertIterates(Iterator<Integer> results, List<Integer> expected) {
    for (int each : expected) {
      assertThat(results.next()).isEqualTo(each);
    }
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void nothingGivesNothing() throws Exception {
    List<Integer> none = List.of();
    assertThat(pool().map(x -> x, none)).isEmpty();
    assertThat(pool().map(x -> x, none, 1)).isEmpty();
    assertThat(pool().mapAsync(x -> x, none).get(LONG)).isEmpty();
    assertThat(pool().imap(x -> x, none).hasNext()).isFalse();
    assertThat(pool().imapUnordered(x -> x, none).hasNext()).isFalse();
  }

  @Test
  void whatATaskThrowsReachesWhoAsksForItsResult() throws Exception {
    assertThatThrownBy(() -> pool().apply(PoolContract::fail)).satisfies(PoolContract::failed);
    assertThatThrownBy(() -> pool().applyAsync(PoolContract::fail).get(LONG))
        .satisfies(PoolContract::failed);
    assertThatThrownBy(() -> pool().map(_ -> fail(), numbers(3))).satisfies(PoolContract::failed);
    assertThat(pool().apply(() -> "alive")).isEqualTo("alive");
  }

  private static int fail() {
    throw new IllegalThreadStateException("as it shall");
  }

  private static void failed(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof IllegalThreadStateException)) {
      cause = requireNonNull(cause.getCause(), thrown::toString);
    }
    assertThat(cause).hasMessage("as it shall");
    assertThat(cause.getStackTrace()[0].getMethodName()).isEqualTo("fail"); // where it ran
  }

  @Test
  void limitOfTimeEndsTheWaitForAResult() throws Exception {
    Event goOn = way().event();
    Workers.Later<Integer> later =
        pool()
            .applyAsync(() -> {
              goOn.await();
              return 1;
            });
    assertThatThrownBy(() -> later.get(Deadlines.SHORT)).isInstanceOf(TimeoutException.class);
    assertThat(later.ready()).isFalse();
    goOn.set();
    assertThat(later.get(LONG)).isEqualTo(1);
  }

  @Test
  void whatCannotBeSentIsRefusedAndTheWorkersGoOn() throws Exception {
    Thread thread = Thread.currentThread();
    assertThatThrownBy(() -> pool().apply(thread::getName))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() -> pool().apply(() -> new Holder(Thread.currentThread())))
        .isNotInstanceOf(TimeoutException.class);
    assertThat(pool().apply(() -> "alive")).isEqualTo("alive");
  }

  private record Holder(Thread thread) implements Serializable {}

  @Test
  void argumentsAndResultsAreForgotten() throws Exception {
    List<WeakReference<?>> references = mapped();
    await()
        .atMost(LONG)
        .until(() -> {
          System.gc();
          return references.stream().allMatch(each -> each.refersTo(null));
        });
  }

  private List<WeakReference<?>> mapped() throws InterruptedException {
    List<List<Integer>> arguments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      arguments.add(new ArrayList<>(List.of(i)));
    }
    List<List<Integer>> results = pool().map(x -> x, arguments);
    assertThat(results).isEqualTo(arguments);
    List<WeakReference<?>> references = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      references.add(new WeakReference<>(arguments.get(i)));
      references.add(new WeakReference<>(results.get(i)));
    }
    return references;
  }

  @Test
  void numberOfWorkersIsPositive() {
    assertThatThrownBy(() -> way().pool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("processes must be positive: processes=0; use 1 or more");
    assertThatThrownBy(() -> way().pool(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sizeOfChunksIsPositive() {
    assertThatThrownBy(() -> pool().map(x -> x, numbers(3), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkSize must be positive: chunkSize=0; use 1 or more");
  }

  @Test
  void shutDownItRunsWhatItHasAndTakesNoMore() throws Exception {
    Workers pool = way().pool(1);
    Workers.Later<List<Integer>> later = pool.mapAsync(x -> x * x, numbers(10));
    pool.shutdown();
    assertThat(pool.join(LONG)).isTrue();
    assertThat(later.get(LONG)).isEqualTo(squares(10));
    assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(RuntimeException.class);
    pool.close();
  }

  @Test
  void terminatedItEndsThoughTasksWait() throws Exception {
    Event never = way().event();
    Workers pool = way().pool(1);
    Workers.Later<List<Integer>> later =
        pool.mapAsync(
            x -> {
              never.await();
              return x;
            },
            numbers(1_000));
    pool.terminate();
    assertThat(pool.join(LONG)).isTrue();
    assertThatThrownBy(() -> later.get(LONG)).isNotInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(RuntimeException.class);
  }
}
