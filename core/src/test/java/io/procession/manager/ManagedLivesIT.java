package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.shared.Value;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects of a manager are there as long as somebody has them, and no longer, whichever way they went.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class ManagedLivesIT {
  interface Maker {
    Maker make(Event begun) throws InterruptedException;

    String text();
  }

  private static final class SlowMaker implements Maker {
    @Override
    public Maker make(Event begun) {
      begun.set();
      LockSupport.parkNanos(500_000_000); // longer than its caller lives; heeds no interrupt
      return new SlowMaker();
    }

    @Override
    public String text() {
      return "shown";
    }

    @Override
    public String toString() {
      return "a secret";
    }
  }

  private static final ManagedType<Maker> MADE = ManagedType.of(Maker.class, SlowMaker::new);
  private static final ManagedType<Maker> MAKER = MADE.returning("make", MADE);
  private static final ManagedType<Maker> SHY = MADE.withName("shy").exposing("text");

  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Held(List<Integer> list, List<Integer>[] lists) implements Serializable {}

  private static SyncManager manager;

  @BeforeAll
  static void start() {
    manager = new SyncManager().register(MAKER).register(SHY).start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static void awaitObjects(int count) {
    Awaitility.await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> {
          System.gc();
          assertThat(manager.numberOfObjects()).as("%s", manager.debugInfo()).isEqualTo(count);
        });
  }

  @Test
  void whatWasSentAndReceivedAndIsUnreachableIsGone() throws Exception {
    List<Supplier<Object>> kinds =
        List.of(
            manager::list,
            manager::map,
            manager::set,
            manager::queue,
            manager::lock,
            manager::condition,
            manager::event,
            () -> manager.semaphore(1),
            () -> manager.barrier(1),
            manager::namespace,
            () -> manager.value(1),
            () -> manager.array(List.of(1)));
    try (SharedQueue<Object> way = SharedQueue.create()) {
      for (Supplier<Object> kind : kinds) {
        way.put(kind.get());
        Object _ = way.take();
        way.put(List.of(kind.get(), "beside"));
        Object _ = way.take();
      }
      way.destroy();
    }
    List<Object> captured = manager.list();
    try (JvmProcess process = JvmProcess.of(() -> captured.add(1))) {
      process.start();
      process.join();
    }
    captured.clear();
    awaitObjects(1); // others are of other tests, and unreachable
    assertThat(captured).isEmpty();
  }

  @Test
  void whatIsPassedOnLivesUntilItHasArrived() throws Exception {
    List<Object> outer = manager.list();
    AtomicBoolean isDone = new AtomicBoolean();
    Thread collecting =
        Thread.ofPlatform()
            .start(() -> {
              while (!isDone.get()) {
                System.gc();
              }
            });
    try {
      for (int i = 0; i < 60; i++) {
        outer.add(manager.list());
      }
    } finally {
      isDone.set(true);
    }
    assertThat(outer).hasSize(60);
    outer.clear();
    collecting.join();
  }

  @Test
  void proxiesAreFoundWhereverTheyLie() {
    List<Integer> inner = manager.list(List.of(1));
    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of type variables
    List<Integer>[] array = new List[] {inner};
    Value<Object> value = manager.value(Map.of("deep", List.of(Map.of("inner", inner))));
    Map<?, ?> map = (Map<?, ?>) value.get();
    @SuppressWarnings("unchecked")
    List<Integer> deep =
        (List<Integer>)
            requireNonNull(
                ((Map<?, ?>) ((List<?>) requireNonNull(map.get("deep"))).getFirst()).get("inner"));
    deep.add(2);
    value.set(new Held(inner, array));
    Held held = (Held) value.get();
    held.list().add(3);
    held.lists()[0].add(4);
    assertThat(inner).containsExactly(1, 2, 3, 4);
    value.set(new ArrayList<>(List.of(manager.lock())));
    assertThat(value.get()).isInstanceOf(ArrayList.class);
  }

  @Test
  void whatIsMadeForACallerThatHasDiedIsDropped() throws Exception {
    Maker maker = manager.create(MAKER);
    Event begun = manager.event();
    int before = manager.numberOfObjects();
    try (JvmProcess caller = JvmProcess.of(() -> maker.make(begun))) {
      caller.start();
      begun.await();
      caller.kill();
      caller.join();
    }
    LockSupport.parkNanos(600_000_000); // what is made meanwhile would stay
    awaitObjects(before);
    assertThat(maker.text()).isEqualTo("shown");
  }

  @Test
  void whoDiesInAWaitLeavesTheLockToWhoWants() throws Exception {
    Lock lock = manager.reentrantLock();
    Condition turned = lock.newCondition();
    Event locked = manager.event();
    try (JvmProcess waiting =
        JvmProcess.of(() -> {
          lock.lock();
          locked.set();
          turned.await();
        })) {
      waiting.start();
      locked.await();
      lock.lock(); // once it waits
      waiting.kill();
      waiting.join();
    }
    FutureTask<Boolean> wanting =
        new FutureTask<>(() -> {
          lock.lock();
          lock.unlock();
          return true;
        });
    Thread other = Thread.ofPlatform().start(wanting);
    Awaitility.await().atMost(Deadlines.LONG).until(() -> manager.link().callsUnderWay() > 0);
    turned.signal(); // to nobody
    lock.unlock();
    assertThat(wanting.get(30, TimeUnit.SECONDS)).isTrue();
    other.join();
    lock.lock();
    lock.unlock();
  }

  @Test
  void whatShowsSomeMethodsOnlyShowsNothingElse() {
    Maker shy = manager.create(SHY);
    assertThat(shy.text()).isEqualTo("shown");
    assertThat(shy).asString().startsWith("shy ").doesNotContain("secret");
    assertThat(manager.debugInfo().replace("\n", " ")).doesNotContainPattern("shy[^:]*secret");
    assertThat(shy).isNotEqualTo(manager.create(SHY));
    assertThat(shy.equals(manager.value(shy).get())).isTrue();
    assertThat(shy.hashCode()).isEqualTo(shy.hashCode());
  }
}
