package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.crash.Base;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableFunction;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Large arrays as arguments and results: whole whatever happens, of the time when they were submitted,
/// and no memory is left of them.
@Timeout(120)
class LargeArgumentsIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 20);
  private static final int LARGE = 8 << 20;

  private final Base base = Base.now();

  @AfterEach
  void nothingIsLeft() {
    base.awaitAgain();
  }

  private static byte[] filled(int length, int value) {
    byte[] array = new byte[length];
    Arrays.fill(array, (byte) value);
    return array;
  }

  /// The one value that all elements have.
  private static int only(byte[] array) {
    for (byte each : array) {
      if (each != array[0]) {
        throw new IllegalStateException("torn: " + each + " and " + array[0]);
      }
    }
    return array[0];
  }

  @Test
  void everyKindGoesThereAndBack() throws Exception {
    Random random = new Random(3);
    byte[] bytes = new byte[LARGE];
    random.nextBytes(bytes);
    Object[] all = {
      bytes,
      random.ints(100_000).toArray(),
      random.longs(100_000).toArray(),
      random.doubles(100_000).toArray(),
      new short[100_000],
      new char[] {'a', 'b'},
      new float[100_000],
      new boolean[100_000]
    };
    SerializableFunction<Object, Object> identity = x -> x;
    try (var pool = ProcessPool.open(2)) {
      for (Object each : all) {
        assertThat(Objects.deepEquals(pool.apply(identity, each), each)).isTrue();
        Object back = pool.applyAsync(identity, each).get();
        assertThat(Objects.deepEquals(back, each)).isTrue();
      }
      Object back = pool.apply(identity, all);
      assertThat(Objects.deepEquals(back, all)).isTrue();
      List<Object> mapped = pool.map(identity, Arrays.asList(all));
      assertThat(Arrays.deepEquals(mapped.toArray(), all)).isTrue();
      int sum = pool.apply(() -> bytes.length + all.length);
      assertThat(sum).isEqualTo(LARGE + all.length);
    }
  }

  @Test
  void taskHasItsArgumentAsItWasWhenItWasSubmitted() throws Exception {
    SharedEvent go = SharedEvent.create();
    try (var pool = ProcessPool.open(1)) {
      TaskResult<Boolean> first = pool.applyAsync(() -> go.await(60, TimeUnit.SECONDS));
      byte[] array = filled(LARGE, 1);
      List<TaskResult<Integer>> results = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        Arrays.fill(array, (byte) i);
        results.add(pool.applyAsync(LargeArgumentsIT::only, array));
      }
      Arrays.fill(array, (byte) 9);
      go.set();
      assertThat(first.get()).isTrue();
      for (int i = 1; i <= 3; i++) {
        assertThat(results.get(i - 1).get()).isEqualTo(i);
      }
    } finally {
      go.destroy();
    }
  }

  @Test
  void taskIsRunAgainWithTheSameArgumentWhenItsWorkersAreKilled() throws Exception {
    PoolOptions options =
        PoolOptions.defaults().withProcesses(2).withRetries(1000).withQuarantine(1001);
    AtomicBoolean isOver = new AtomicBoolean();
    try (var pool = ProcessPool.open(options)) {
      Random random = new Random(4);
      Thread killer =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < KILLS; i++) {
                  LockSupport.parkNanos(random.nextInt(60_000_000));
                  List<JvmProcess> workers = pool.workers();
                  if (!workers.isEmpty()) {
                    workers.get(random.nextInt(workers.size())).kill();
                  }
                }
                isOver.set(true);
              });
      byte[] array = new byte[LARGE];
      for (int i = 0; !isOver.get(); i++) {
        Arrays.fill(array, (byte) i);
        byte[] back = i % 2 == 0 ? pool.apply(x -> x, array) : later(pool, array);
        assertThat(back).hasSize(LARGE);
        assertThat(only(back)).isEqualTo((byte) i);
      }
      killer.join();
    }
  }

  /// Changes the array when it is submitted, and puts it right again.
  private static byte[] later(ProcessPool pool, byte[] array) throws Exception {
    byte was = array[0];
    TaskResult<byte[]> result = pool.applyAsync(x -> x, array);
    Arrays.fill(array, (byte) (was + 1));
    byte[] back = result.get();
    Arrays.fill(array, was);
    return back;
  }

  @Test
  void nothingIsLeftOfASubmitterThatIsKilled() throws Exception {
    for (int i = 0; i < Math.max(2, KILLS / 5); i++) {
      int before = Session.current().units().inUse();
      SharedQueue<Integer> rounds = SharedQueue.create();
      JvmProcess submitter =
          JvmProcess.of("submitter", LaunchOptions.defaults(), () -> submitForEver(rounds));
      submitter.start();
      int seen = rounds.take();
      assertThat(seen).isEqualTo(1);
      LockSupport.parkNanos(i * 3_000_000L);
      submitter.kill();
      submitter.join();
      submitter.close();
      rounds.destroy();
      await().atMost(Deadlines.LONG).until(() -> Session.current().units().inUse() <= before);
    }
  }

  private static void submitForEver(SharedQueue<Integer> rounds) throws Exception {
    byte[] array = filled(LARGE, 1);
    try (var pool = ProcessPool.open(2)) {
      for (int i = 1; true; i++) {
        TaskResult<byte[]> other = pool.applyAsync(x -> x, array);
        byte[] back = pool.apply(x -> x, array);
        if (only(back) != 1 || only(other.get()) != 1) {
          throw new IllegalStateException("another array");
        }
        rounds.put(i);
      }
    }
  }

  @Test
  void interruptedCallerMayChangeTheArrayAtOnce() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      for (int i = 0; i < 30; i++) {
        byte[] array = filled(LARGE, i);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread caller =
            Thread.ofPlatform()
                .start(() -> {
                  begun.countDown();
                  try {
                    int _ = pool.apply(LargeArgumentsIT::only, array);
                  } catch (Throwable e) {
                    thrown.set(e);
                  }
                  Arrays.fill(array, (byte) -1);
                });
        begun.await();
        LockSupport.parkNanos(i * 300_000L);
        caller.interrupt();
        caller.join();
        assertThat(thrown.get())
            .satisfiesAnyOf(
                e -> assertThat(e).isNull(),
                e -> assertThat(e).isInstanceOf(CancellationException.class));
        byte[] next = filled(LARGE, 3);
        assertThat((int) pool.apply(LargeArgumentsIT::only, next)).isEqualTo(3);
      }
    }
  }
}
