package io.procession.internal.arena;

import io.procession.internal.posix.InterruptHook;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;

/// How threads of this process wait for words of the arena, and how others wake them.
///
/// The pattern, which misses nothing:
///
/// ```
/// while (true) {
///   int heard = waiting.bell();          // first: what rings after this ends the wait at once
///   int value = ...read the word...;
///   if (what I wait for holds) break;
///   ...tell others that somebody waits, in the word or beside it...
///   waiting.await(word, value, heard, deadline);
/// }
/// ```
///
/// A wait ends when the word changes and its changer wakes, when this process's doorbell rings (a
/// death anywhere in the session, an interrupt of one of our threads), at the deadline, and
/// after [#SLICE_NANOS] in any case: the backstop for any wake-up that was lost.
public final class Waiting {
  /// The longest that a single wait lasts.
  public static final long SLICE_NANOS = 100_000_000;

  private final MemorySegment memory;
  private final WordWait strategy;
  private final long bellAt;
  private final InterruptHook hook;
  private final Deputies deputies;

  Waiting(MemorySegment memory, WordWait strategy, int self) {
    this.memory = memory;
    this.strategy = strategy;
    this.bellAt = ParticipantLayout.at(self) + ParticipantLayout.DOORBELL_AT;
    this.hook = new InterruptHook(this::ringSelf);
    this.deputies = new Deputies(memory, strategy, bellAt);
  }

  /// A deadline that does not come.
  public static long forever() {
    return Until.ofClock(Until.FOREVER);
  }

  /// How often this process's doorbell has rung. Read it before looking at what you wait for.
  public int bell() {
    return Words.getIntVolatile(memory, bellAt);
  }

  /// Waits for the int at `word` to differ from `expected`, or for the doorbell.
  ///
  /// @param heard what [#bell] said before the word was read
  /// @throws InterruptedException if the thread is interrupted before or while it waits; an error
  ///     instead if this process shall stop
  public void await(long word, int expected, int heard, long deadline) throws InterruptedException {
    Interruption.check();
    long until = sliced(deadline);
    if (Thread.currentThread().isVirtual()) {
      deputies.await(word, expected, heard, until);
    } else {
      hook.enter();
      try {
        strategy.await(memory, word, expected, bellAt, heard, until);
      } finally {
        hook.leave();
      }
    }
    Interruption.check();
  }

  /// As [#await], but of an interrupt and the wish that this process stops it heeds only what is said.
  /// What it does not heed is kept for later.
  public void await(long word, int expected, int heard, long deadline, Heed heed)
      throws InterruptedException {
    switch (heed) {
      case BOTH -> await(word, expected, heard, deadline);
      case STOP -> awaitUnlessStopped(word, expected, heard, deadline);
      case NOTHING -> awaitUninterruptibly(word, expected, heard, deadline);
    }
  }

  /// What ends a wait besides what is waited for.
  public enum Heed {
    /// An interrupt, and the wish that this process stops.
    BOTH,
    /// The wish that this process stops.
    STOP,
    /// Nothing.
    NOTHING
  }

  /// As [#awaitUninterruptibly], for a thread of the user's: the wish that this process stops ends it.
  public void awaitUnlessStopped(long word, int expected, int heard, long deadline) {
    Interruption.checkStop();
    awaitUninterruptibly(word, expected, heard, deadline);
    Interruption.checkStop();
  }

  /// As [#await], but an interrupt does not end it: it is kept for later.
  public void awaitUninterruptibly(long word, int expected, int heard, long deadline) {
    boolean interrupted = Thread.interrupted();
    try {
      long until = sliced(deadline);
      if (Thread.currentThread().isVirtual()) {
        deputies.await(word, expected, heard, until);
        interrupted |= Thread.interrupted();
      } else {
        strategy.await(memory, word, expected, bellAt, heard, until);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Wakes up to `count` threads, of any process, that wait for the int at `word`.
  ///
  /// @return how many woke, as far as the platform can tell; never too few
  public int wake(long word, int count) {
    return strategy.wake(memory, word, count);
  }

  /// Lets those come first that were woken for what the caller has given up, where they need that.
  public void giveWay() {
    strategy.giveWay();
  }

  /// Ends all waits of this process: each looks again at what it waits for.
  public void ringSelf() {
    ring(bellAt);
  }

  void ring(long doorbell) {
    Words.getAndAddInt(memory, doorbell, 1);
    FailPoint.DOORBELL_RUNG.reach();
    strategy.wake(memory, doorbell, Integer.MAX_VALUE);
  }

  private static long sliced(long deadline) {
    long now = System.nanoTime();
    return deadline - now < SLICE_NANOS ? deadline : now + SLICE_NANOS;
  }
}
