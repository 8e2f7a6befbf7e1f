package io.procession.internal.arena;

import java.util.function.BooleanSupplier;

/// Lets who was called for a lock or a permit have it before who has just given it up takes it again.
///
/// Who is called needs some 50 µs to wake. A thread that gives a lock up and takes it again within that
/// time, in a loop, would leave to the others only what chance leaves: where it was held for 1 ms, one
/// of 16 threads got 0.04 of the mean share. So once in a while who has called stays behind until
/// somebody has come. All other releases are as fast as ever. This is the "eventual fairness" of WebKit's
/// locks ("Locking in WebKit", webkit.org/blog/6161).
///
/// One for each object and process, shared by its threads without a guard: a race costs a pause.
public final class Courtesy {
  /// Seldom enough for throughput: what is held for less changes hands many times in between.
  private static final long EVERY_NANOS = 1_000_000;

  /// By then who was called has no processor, and what it was called for should not lie idle.
  private static final long LONGEST_NANOS = 200_000;

  private final Waiting waiting;
  private long due;

  /// @param waiting how others wait
  public Courtesy(Waiting waiting) {
    this.waiting = waiting;
  }

  /// Stays behind for a moment, if it is time for that. Comes right after a call.
  ///
  /// @param isThere whether what was given up has not been taken yet
  @SuppressWarnings("ThreadPriorityCheck") // a yield is a hint; the loop ends without it, too
  public void stayWhile(BooleanSupplier isThere) {
    if (Steps.ARE_WATCHED) {
      return; // a model has no clock
    }
    waiting.giveWay();
    long now = System.nanoTime();
    if (now - due < 0) {
      return;
    }
    due = now + EVERY_NANOS;
    while (System.nanoTime() - now < LONGEST_NANOS && isThere.getAsBoolean()) {
      Thread.yield(); // who was called may have been put on this very processor
    }
  }
}
