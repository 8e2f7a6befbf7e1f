package io.procession.manager;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.testing.Deadlines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// No function of a caller holds a value that others read and write.
class ServedValueTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  record Point(int x, long y) {}

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
    threads.close();
  }

  private static <T> T got(Future<T> future) throws Exception {
    return future.get(Deadlines.LONG.toMillis(), MILLISECONDS);
  }

  @Test
  void functionsThatAskEachOthersValuesEnd() throws Exception {
    ServedValue<Integer> one = new ServedValue<>(1);
    ServedValue<Integer> other = new ServedValue<>(2);
    CyclicBarrier both = new CyclicBarrier(2);
    Future<Integer> first = threads.submit(() -> one.update(x -> met(both, x) + other.get()));
    Future<Integer> second = threads.submit(() -> other.update(x -> met(both, x) + one.get()));
    assertThat(got(first)).isIn(3, 4);
    assertThat(got(second)).isIn(3, 5);
  }

  /// They meet once: whose value was set meanwhile asks again, alone.
  private static int met(CyclicBarrier both, int x) throws InterruptedException {
    try {
      both.await(Deadlines.SHORT.toMillis(), MILLISECONDS);
    } catch (BrokenBarrierException | java.util.concurrent.TimeoutException e) {
      return x;
    }
    return x;
  }

  @Test
  void valueIsReadAndSetWhileAFunctionRuns() throws Exception {
    ServedValue<Integer> value = new ServedValue<>(1);
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    AtomicInteger times = new AtomicInteger();
    Future<Integer> update =
        threads.submit(() ->
            value.update(x -> {
              times.incrementAndGet();
              runs.countDown();
              goesOn.await();
              return x + 1;
            }));
    runs.await();
    assertThat(value.get()).isEqualTo(1);
    value.set(10);
    assertThat(value.compareAndSet(10, 20)).isTrue();
    goesOn.countDown();
    assertThat(got(update)).isEqualTo(21);
    assertThat(times).hasValue(2);
  }

  @Test
  void functionsOfOneValueRunOneAtATime() throws Exception {
    ServedValue<List<Integer>> value = new ServedValue<>(new ArrayList<>());
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          threads.submit(() -> {
            for (int n = 0; n < 10_000; n++) {
              value.update(ServedValueTest::oneMore);
            }
          }));
    }
    for (Future<?> one : all) {
      got(one);
    }
    assertThat(value.get()).hasSize(40_000);
  }

  /// It changes what it is given.
  private static List<Integer> oneMore(List<Integer> list) {
    list.add(list.size());
    return list;
  }

  @Test
  void whoHasDiedWaitsForNoFunction() throws Exception {
    ServedValue<Integer> value = new ServedValue<>(1);
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    Future<Integer> endless =
        threads.submit(() ->
            value.update(x -> {
              runs.countDown();
              goesOn.await();
              return x;
            }));
    runs.await();
    CountDownLatch ended = new CountDownLatch(1);
    Thread dead =
        Thread.ofVirtual()
            .start(() -> {
              assertThatThrownBy(() -> value.update(x -> x + 1))
                  .isInstanceOf(CancellationException.class);
              ended.countDown();
            });
    dead.interrupt();
    assertThat(ended.await(Deadlines.LONG.toMillis(), MILLISECONDS)).isTrue();
    goesOn.countDown();
    assertThat(got(endless)).isEqualTo(1);
  }

  @Test
  void functionThatSetsItsOwnValueIsRefused() {
    ServedValue<Integer> value = new ServedValue<>(1);
    AtomicInteger times = new AtomicInteger();
    assertThatThrownBy(() ->
            value.update(x -> {
              times.incrementAndGet();
              return value.update(y -> y + 1) * 100;
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a change of a value must return the new one, not set it: called within update=update;"
                + " let the function compute it of what it is given");
    assertThatThrownBy(() -> value.update(_ -> value.compareAndSet(1, 2) ? 3 : 4))
        .isInstanceOf(IllegalStateException.class);
    ServedStruct<Point> struct = new ServedStruct<>(new Point(1, 1));
    assertThatThrownBy(() ->
            struct.update(p -> {
              struct.set("x", 5);
              return p;
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("called within update=set");
    assertThat(times).hasValue(1);
    assertThat(value.get()).isEqualTo(1);
    assertThat(value.update(x -> x + struct.get().x())).isEqualTo(2);
  }

  @Test
  void failureLeavesTheValue() {
    ServedValue<Integer> value = new ServedValue<>(1);
    assertThatThrownBy(() -> value.update(x -> Math.floorDiv(x, x - 1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() ->
            value.update(_ -> {
              throw new java.io.IOException("checked");
            }))
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("checked");
    assertThat(value.get()).isEqualTo(1);
  }

  @Test
  void copyCanBeUpdated() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ServedValue<>(5));
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked")
      ServedValue<Integer> copy = (ServedValue<Integer>) in.readObject();
      assertThat(copy.update(x -> x + 1)).isEqualTo(6);
    }
  }

  @Test
  void noChangeOfAFieldIsLost() throws Exception {
    ServedStruct<Point> struct = new ServedStruct<>(new Point(0, 0));
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int mine = i;
      all.add(
          threads.submit(() -> {
            for (int n = 0; n < 5_000; n++) {
              switch (mine) {
                case 0 -> struct.getAndAdd("x", 1);
                case 1 -> struct.getAndAdd("y", 1L);
                case 2 -> struct.update(p -> new Point(p.x() + 1, p.y() + 1));
                default -> one(struct);
              }
            }
          }));
    }
    for (Future<?> one : all) {
      got(one);
    }
    assertThat(struct.get()).isEqualTo(new Point(15_000, 10_000));
  }

  private static void one(ServedStruct<Point> struct) {
    int x = struct.get().x();
    while (!struct.compareAndSet("x", x, x + 1)) {
      x = struct.get().x();
    }
  }
}
