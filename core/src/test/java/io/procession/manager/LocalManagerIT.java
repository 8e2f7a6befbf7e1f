package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.crash.Base;
import io.procession.process.JvmProcess;
import io.procession.queue.JoinableQueue;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What managers without a server make is shared, and ends with them or their maker.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LocalManagerIT {
  private static final int LENGTH = 100_000;
  private static final Path SHM = Path.of("/dev/shm");

  private final Base base = Base.now();
  private final String name = "lm-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  record Point(int x, double y) {}

  /// One of each.
  record Kinds(
      SharedValue<Integer> value,
      SharedArray<Integer> array,
      SharedStruct<Point> struct,
      SharedLock lock,
      SharedReentrantLock reentrantLock,
      SharedSemaphore semaphore,
      SharedSemaphore bounded,
      SharedCondition condition,
      SharedEvent event,
      SharedBarrier barrier,
      SharedQueue<String> queue,
      JoinableQueue<String> tasks)
      implements Serializable {

    static Kinds of(LocalManager manager) {
      return new Kinds(
          manager.value(1),
          manager.array(ElementType.INT, LENGTH),
          manager.struct(new Point(1, 2)),
          manager.lock(),
          manager.reentrantLock(),
          manager.semaphore(1),
          manager.boundedSemaphore(1),
          manager.condition(),
          manager.event(),
          manager.barrier(2),
          manager.queue(),
          manager.joinableQueue(3));
    }

    void areGone() {
      assertThatIllegalStateException().isThrownBy(value::get).withMessageContaining("destroyed");
      assertThatIllegalStateException().isThrownBy(() -> array.get(LENGTH - 1));
      assertThatIllegalStateException().isThrownBy(struct::get);
      assertThatIllegalStateException().isThrownBy(lock::lock);
      assertThatIllegalStateException().isThrownBy(reentrantLock::lock);
      assertThatIllegalStateException().isThrownBy(semaphore::acquire);
      assertThatIllegalStateException().isThrownBy(bounded::release);
      assertThatIllegalStateException().isThrownBy(() -> condition.lock().lock());
      assertThatIllegalStateException().isThrownBy(event::await);
      assertThatIllegalStateException().isThrownBy(barrier::await);
      assertThatIllegalStateException().isThrownBy(() -> queue.put("late"));
      assertThatIllegalStateException().isThrownBy(tasks::take);
    }

    /// Lets go of what this process has of them.
    void close() {
      for (AutoCloseable each :
          List.of(
              value,
              array,
              struct,
              lock,
              reentrantLock,
              semaphore,
              bounded,
              condition,
              (SharedReentrantLock) condition.lock(),
              event,
              barrier,
              queue,
              tasks)) {
        try {
          each.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @AfterEach
  void nothingIsLeft() {
    base.awaitAgain();
  }

  private static void run(SerializableRunnable task) throws Exception {
    try (JvmProcess process = JvmProcess.of(task)) {
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
  }

  @Test
  void whatItMakesIsSharedAndEndsWithIt() throws Exception {
    LocalManager manager = LocalManager.open();
    Kinds kinds = Kinds.of(manager);
    run(() -> {
      kinds.value().getAndAdd(41);
      kinds.array().set(7, 7);
      kinds.struct().set("x", 5);
      kinds.event().set();
      kinds.queue().put("hello");
      kinds.tasks().put("task");
      kinds.semaphore().acquire();
    });
    assertThat(kinds.value().get()).isEqualTo(42);
    assertThat(kinds.array().get(7)).isEqualTo(7);
    assertThat(kinds.struct().get()).isEqualTo(new Point(5, 2));
    assertThat(kinds.event().isSet()).isTrue();
    assertThat(kinds.queue().take()).isEqualTo("hello");
    assertThat(kinds.tasks().take()).isEqualTo("task");
    assertThat(kinds.semaphore().tryAcquire()).isFalse();
    assertThat(manager.numberOfObjects()).isEqualTo(13); // a condition's lock, too
    manager.close();
    manager.close();
    kinds.areGone();
    assertThatIllegalStateException()
        .isThrownBy(manager::lock)
        .withMessageContaining("closed in this process: manager=");
  }

  @Test
  void whoWaitsInWhatEndsIsTold() throws Exception {
    LocalManager manager = LocalManager.open();
    SharedEvent event = manager.event();
    SharedEvent waits = manager.event();
    CompletableFuture<Void> here =
        CompletableFuture.runAsync(() -> {
          try {
            waits.set();
            event.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    waits.await();
    manager.close();
    assertThat(here)
        .failsWithin(Deadlines.LONG)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void objectsMayEndBeforeIt() {
    try (LocalManager manager = LocalManager.open()) {
      for (int i = 0; i < 500; i++) {
        manager.lock().close(); // never sent: freed
      }
      SharedLock raw = manager.make(SharedLock::create, SharedLock::destroy);
      assertThat(manager.numberOfObjects()).isOne();
      assertThat(manager).asString().contains("1 objects");
      raw.destroy();
      assertThat(manager.numberOfObjects()).isZero();
      assertThatIllegalArgumentException().isThrownBy(() -> manager.queue(-1));
    }
  }

  @Test
  void whatAKilledProcessMadeEndsForAll() throws Exception {
    SharedQueue<Kinds> back = SharedQueue.create();
    JvmProcess maker =
        JvmProcess.of(() -> {
          back.put(Kinds.of(LocalManager.open()));
          Thread.currentThread().join();
        });
    maker.start();
    Kinds kinds = back.take();
    MemorySegment view = kinds.array().segment();
    view.set(ValueLayout.JAVA_INT, 0, 3);
    assertThat(kinds.value().getAndAdd(1)).isEqualTo(1);
    CompletableFuture<Void> waits =
        CompletableFuture.runAsync(() -> {
          try {
            kinds.queue().take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    maker.kill();
    maker.join();
    assertThat(waits)
        .failsWithin(Deadlines.LONG)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(IllegalStateException.class);
    kinds.areGone();
    SharedArray<Integer> stranger = SharedArray.raw(ElementType.INT, LENGTH);
    view.fill((byte) -1); // nobody's but ours, as long as we have it
    assertThat(stranger.stream()).containsOnly(0);
    stranger.destroy();
    kinds.close();
    maker.close();
    back.destroy();
  }

  @Test
  void whatAProcessMadeAndDidNotCloseEndsWithIt() throws Exception {
    SharedQueue<Object> back = SharedQueue.create();
    JvmProcess maker = JvmProcess.of(() -> back.put(LocalManager.open().value(5)));
    maker.start();
    SharedValue<?> value = (SharedValue<?>) back.take();
    maker.join();
    assertThatIllegalStateException().isThrownBy(value::get).withMessageContaining("destroyed");
    maker.close();
    value.close();
    back.destroy();
  }

  @Test
  void blocksAndListsEndWithTheirManager() throws Exception {
    SharedMemoryManager manager = SharedMemoryManager.open();
    SharedMemory block = manager.sharedMemory(LENGTH);
    SharedMemory named = manager.sharedMemory(name, 4096);
    ShareableList list = manager.shareableList("a", 2, 3.5);
    ShareableList namedList = manager.shareableList(name + "-list", List.of(1, "b"));
    run(() -> {
      block.segment().set(ValueLayout.JAVA_INT, 4, 4);
      named.segment().set(ValueLayout.JAVA_INT, 4, 5);
      list.set(1, 3);
      namedList.set(0, 4);
    });
    assertThat(block.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(4);
    assertThat(named.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(5);
    assertThat(list).containsExactly("a", 3L, 3.5);
    assertThat(namedList).containsExactly(4L, "b");
    assertThat(manager.numberOfObjects()).isEqualTo(4);
    manager.close();
    manager.shutdown();
    assertThatIllegalStateException().isThrownBy(block::segment);
    assertThatIllegalStateException().isThrownBy(named::segment);
    assertThatIllegalStateException().isThrownBy(() -> list.get(0));
    assertThat(SHM.resolve(name)).doesNotExist();
    assertThat(SHM.resolve(name + "-list")).doesNotExist();
    assertThatIllegalStateException().isThrownBy(() -> manager.sharedMemory(1));
  }

  /// The session lives on: nobody but who buries the dead can take the names away.
  @Test
  void namesOfAKilledProcessAreTakenAway() throws Exception {
    assumeThat(SHM).isDirectory();
    String mine = name;
    SharedEvent made = SharedEvent.create();
    JvmProcess maker =
        JvmProcess.of(() -> {
          SharedMemoryManager manager = SharedMemoryManager.open();
          manager.sharedMemory(mine, 100);
          manager.shareableList(mine + "-list", List.of(1));
          SharedMemory.create(mine + "-other", 100);
          made.set();
          Thread.currentThread().join();
        });
    maker.start();
    made.await();
    try (SharedMemory attached = SharedMemory.attach(name)) {
      maker.kill();
      maker.join();
      await().atMost(Deadlines.LONG).until(() -> !Files.exists(SHM.resolve(mine)));
      assertThat(SHM.resolve(name + "-list")).doesNotExist();
      assertThat(attached.segment().get(ValueLayout.JAVA_INT, 0)).isZero();
    }
    try (SharedMemory other = SharedMemory.attach(name + "-other")) {
      assertThat(other.unlink()).as("it goes with the session").isTrue();
    }
    maker.close();
    made.destroy();
  }

  /// It is no object that could be destroyed under its users, so it does not end with its maker.
  @Test
  void pipeIsThereAsLongAsItsEndsAre() throws Exception {
    SharedQueue<Connection> back = SharedQueue.create();
    JvmProcess maker =
        JvmProcess.of(() -> {
          Pipe pipe = LocalManager.open().make(Pipe::duplex, Pipe::close);
          back.put(pipe.first());
          back.put(pipe.second());
          Thread.currentThread().join();
        });
    maker.start();
    try (Connection one = back.take();
        Connection other = back.take()) {
      assertThat(other.poll()).isFalse(); // uses that end, so the other one counts with it
      maker.kill();
      maker.join();
      one.send("still there");
      assertThat(other.recv()).isEqualTo("still there");
    }
    maker.close();
    back.destroy();
  }
}
