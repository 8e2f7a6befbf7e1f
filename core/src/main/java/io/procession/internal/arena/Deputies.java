package io.procession.internal.arena;

import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;

/// Waits for virtual threads: a downcall that blocks would hold their carrier, so for each word on
/// which some wait one platform thread waits in the kernel, and lets them go one by one in the
/// order of their coming.
final class Deputies {
  private final MemorySegment memory;
  private final WordWait strategy;
  private final long bellAt;
  private final ConcurrentHashMap<Long, Deputy> byWord = new ConcurrentHashMap<>();

  Deputies(MemorySegment memory, WordWait strategy, long bellAt) {
    this.memory = memory;
    this.strategy = strategy;
    this.bellAt = bellAt;
  }

  /// As [WordWait#await], on the JDK's own parking. Returns on an interrupt, too, which stays set.
  void await(long word, int expected, int heard, long deadline) {
    Waiter waiter = new Waiter(Thread.currentThread(), expected, heard, deadline);
    Deputy deputy = enqueue(word, waiter);
    try {
      while (!waiter.released && !Thread.currentThread().isInterrupted()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        LockSupport.parkNanos(this, left);
      }
    } finally {
      deputy.waiters.remove(waiter);
    }
  }

  private Deputy enqueue(long word, Waiter waiter) {
    Deputy deputy =
        byWord.compute(
            word,
            (key, present) -> {
              Deputy chosen = present == null ? new Deputy(key) : present;
              chosen.waiters.add(waiter);
              return chosen;
            });
    deputy.begin();
    return deputy;
  }

  private static final class Waiter {
    final Thread thread;
    final int expected;
    final int heard;
    final long deadline;
    volatile boolean released;

    Waiter(Thread thread, int expected, int heard, long deadline) {
      this.thread = thread;
      this.expected = expected;
      this.heard = heard;
      this.deadline = deadline;
    }
  }

  /// The thread that waits for one word as long as some virtual thread does.
  private final class Deputy implements Runnable {
    final long word;
    final ConcurrentLinkedDeque<Waiter> waiters = new ConcurrentLinkedDeque<>();
    private boolean begun;

    Deputy(long word) {
      this.word = word;
    }

    synchronized void begin() {
      if (!begun) {
        begun = true;
        Thread.ofPlatform().daemon().name("procession-deputy-" + word).start(this);
      }
    }

    @Override
    public void run() {
      while (!isDone()) {
        Waiter first = waiters.peek();
        if (first == null) {
          continue;
        }
        strategy.await(memory, word, first.expected, bellAt, first.heard, first.deadline);
        if (waiters.remove(first)) {
          first.released = true;
          LockSupport.unpark(first.thread);
        }
      }
    }

    /// Leaves the map and the thread together, or stays: nobody is enqueued with a deputy that ended.
    private boolean isDone() {
      return byWord.computeIfPresent(word, (key, self) -> waiters.isEmpty() ? null : self) == null;
    }
  }
}
