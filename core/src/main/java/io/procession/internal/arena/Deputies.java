package io.procession.internal.arena;

import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waits for virtual threads: a downcall that blocks would hold their carrier, so for each word on
/// which some wait one platform thread waits in the kernel, and lets them go one by one in the
/// order of their coming.
final class Deputies {
  /*
   * To the rest of the world a deputy is one waiter; it stands for many. When its wait ends it lets the
   * first of them go, and looks whether the next still has reason to wait, by that one's own measure
   * (the word and bell that it saw). So a change of the word or the bell ends the waits of all that
   * saw it before, and a wake-up without a change ends one.
   *
   * Three things could be lost between the two kinds of waiting, and are not:
   * - A change before the deputy knows of a waiter: the waiter looks once more when it is in line.
   * - A wake-up that reaches a deputy whose waiters have all left (time, interrupt): the deputy hands
   *   it on to whoever else waits for the word, in any process.
   * - A waiter that comes when the deputy leaves: both go by the map's lock for that word.
   *
   * A deputy without waiters stays for a moment, since those who wait once mostly wait again, and a
   * thread is dear.
   */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// Where there can be no thread for a deputy, waiters look for themselves so often.
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemorySegment memory;
  private final WordWait strategy;
  private final long bellAt;
  private final ThreadFactory threads;
  private final ConcurrentHashMap<Long, Deputy> byWord = new ConcurrentHashMap<>();

  Deputies(MemorySegment memory, WordWait strategy, long bellAt) {
    this(memory, strategy, bellAt, Thread.ofPlatform().daemon().factory());
  }

  Deputies(MemorySegment memory, WordWait strategy, long bellAt, ThreadFactory threads) {
    this.memory = memory;
    this.strategy = strategy;
    this.bellAt = bellAt;
    this.threads = threads;
  }

  /// As [WordWait#await], on the JDK's own parking. Returns on an interrupt, too, which stays set.
  void await(long word, int expected, int heard, long deadline) {
    Waiter waiter = new Waiter(Thread.currentThread(), expected, heard, deadline);
    Deputy deputy = enqueue(word, waiter);
    try {
      boolean isAttended = deputy.attend();
      while (!waiter.released
          && hasReason(word, waiter)
          && !Thread.currentThread().isInterrupted()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        LockSupport.parkNanos(this, isAttended ? left : Math.min(left, SLICE_NANOS));
        isAttended = deputy.attend();
      }
    } finally {
      deputy.waiters.remove(waiter);
    }
  }

  private Deputy enqueue(long word, Waiter waiter) {
    return byWord.compute(
        word,
        (key, present) -> {
          Deputy chosen = present == null ? new Deputy(key) : present;
          chosen.waiters.add(waiter);
          return chosen;
        });
  }

  /// True as long as neither word nor bell has changed from what the waiter saw.
  private boolean hasReason(long word, Waiter waiter) {
    return Words.getIntVolatile(memory, word) == waiter.expected
        && Words.getIntVolatile(memory, bellAt) == waiter.heard;
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
    private volatile boolean idle;
    private @Nullable Thread thread; // guarded by this

    Deputy(long word) {
      this.word = word;
    }

    /// Makes sure that somebody attends to those in line.
    ///
    /// @return false if there can be no thread now
    boolean attend() {
      return (!idle && thread() != null) || begin();
    }

    private synchronized @Nullable Thread thread() {
      return thread;
    }

    private synchronized boolean begin() {
      Thread running = thread;
      if (running != null) {
        LockSupport.unpark(running);
        return true;
      }
      try {
        running = threads.newThread(this);
        running.setName("procession-deputy-" + word);
        running.start();
      } catch (OutOfMemoryError e) {
        return false; // too many threads: that must not end a wait
      }
      thread = running;
      return true;
    }

    @Override
    public void run() {
      boolean isOver = false;
      try {
        while (!isOver) {
          Waiter first = waiters.peek();
          if (first != null) {
            attendTo(first);
          } else {
            isOver = hasLeft();
          }
        }
      } finally {
        if (!isOver) { // an error, such as no memory: whoever waits next begins anew
          end();
        }
      }
    }

    private void end() {
      synchronized (this) {
        thread = null;
      }
      for (Waiter waiter : waiters) {
        LockSupport.unpark(waiter.thread);
      }
    }

    private void attendTo(Waiter first) {
      boolean slept = hasReason(word, first);
      if (slept) {
        strategy.await(memory, word, first.expected, bellAt, first.heard, first.deadline);
      }
      if (waiters.remove(first)) {
        first.released = true;
        LockSupport.unpark(first.thread);
      } else if (slept && waiters.isEmpty()) {
        strategy.wake(memory, word, 1);
      }
    }

    /// Waits for somebody to come; leaves the map if nobody does, and then nobody is sent here.
    private boolean hasLeft() {
      idle = true;
      if (waiters.isEmpty()) {
        LockSupport.parkNanos(this, IDLE_NANOS);
      }
      idle = false;
      return byWord.computeIfPresent(word, (key, self) -> waiters.isEmpty() ? null : self) == null;
    }
  }
}
