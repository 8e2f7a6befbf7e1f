package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import io.procession.process.JvmProcess;
import io.procession.sync.SharedLock;
import io.procession.testing.Deadlines;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that count under one lock, and are killed at moments that nobody chose.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LockContentionIT {
  private static final int PROCESSES = 4;
  private static final int KILLS = Integer.getInteger("procession.test.kills", 24);

  private static final long HELD_NANOS = 50_000;

  /// Where in a cell's body: the plain counter that the lock protects, what was begun and what was
  /// completed as atomic counters.
  private static final int COUNTER = 0;

  private static final int BEGUN = 8;
  private static final int COMPLETED = 16;

  @Test
  void nothingHangsAndNoCountIsLost() throws Exception {
    long seed = Long.getLong("procession.test.seed", System.nanoTime());
    System.out.println("seed of LockContentionIT: -Dprocession.test.seed=" + seed);
    Random random = new Random(seed);
    Base base = Base.now();
    Session session = Session.current();
    int cell = session.directory().allocate(CellKind.LOCK, "counters");
    long at = Directory.body(cell);
    MemorySegment memory = session.memory();
    SharedLock lock = SharedLock.create("fought over");
    Deque<JvmProcess> processes = new ArrayDeque<>();
    for (int kill = 0; kill < KILLS; kill++) {
      while (processes.size() < PROCESSES) {
        processes.add(start(lock, at));
      }
      JvmProcess victim = processes.remove();
      awaitProgress(memory, at);
      assertThat(victim.join(Duration.ofNanos(random.nextInt(1_000_000)))).isFalse();
      victim.kill();
      assertThat(victim.join(Deadlines.LONG)).isTrue();
    }
    awaitProgress(memory, at);
    for (JvmProcess rest : processes) {
      rest.kill();
      rest.close();
    }
    assertThat(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    try {
      long counted = Words.getLong(memory, at + COUNTER);
      long begun = Words.getLongVolatile(memory, at + BEGUN);
      long completed = Words.getLongVolatile(memory, at + COMPLETED);
      assertThat(counted).isBetween(completed, begun);
      assertThat(begun - completed).isBetween(0L, (long) lock.ownerDeaths() + PROCESSES);
      assertThat(lock.ownerDeaths()).isLessThanOrEqualTo(KILLS + PROCESSES);
    } finally {
      lock.unlock();
    }
    lock.destroy();
    session.directory().free(session.directory().ref(cell));
    base.awaitAgain();
  }

  private static JvmProcess start(SharedLock lock, long at) {
    JvmProcess process = JvmProcess.of(() -> countForever(lock, at));
    process.start();
    return process;
  }

  private static void countForever(SharedLock lock, long at) {
    MemorySegment memory = Session.current().memory();
    while (true) {
      lock.lock();
      try {
        increment(memory, at + BEGUN);
        long old = Words.getLong(memory, at + COUNTER);
        LockSupport.parkNanos(HELD_NANOS); // so that many die with the lock
        Words.setLong(memory, at + COUNTER, old + 1);
        increment(memory, at + COMPLETED);
      } finally {
        lock.unlock();
      }
    }
  }

  private static void increment(MemorySegment memory, long at) {
    long old = Words.getLongVolatile(memory, at);
    while (!Words.compareAndSetLong(memory, at, old, old + 1)) {
      old = Words.getLongVolatile(memory, at);
    }
  }

  /// Waits until many counts have been completed since.
  private static void awaitProgress(MemorySegment memory, long at) {
    long enough = Words.getLongVolatile(memory, at + COMPLETED) + 20;
    await("survivors that go on")
        .pollInterval(Duration.ofMillis(1))
        .atMost(Deadlines.LONG)
        .until(() -> Words.getLongVolatile(memory, at + COMPLETED) >= enough);
  }
}
