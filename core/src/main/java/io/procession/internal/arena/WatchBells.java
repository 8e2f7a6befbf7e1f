package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// The bells of the processes whose threads wait for any of several objects: each process has one
/// for all its waits, apart from the doorbell, which ends every wait there is.
///
/// ```
/// while (true) {
///   int heard = waiting.bell();
///   int seen = bells.rings();      // before anybody is told that this process watches
///   ...tell each object that this process watches it...
///   AsymmetricFence.heavy();
///   if (...one is ready...) break;
///   bells.await(seen, heard, deadline);
/// }
/// ```
public final class WatchBells {
  private final MemorySegment memory;
  private final Waiting waiting;
  private final Participants participants;
  private final long ownAt;
  private final Spin spin;

  WatchBells(MemorySegment memory, int self, Waiting waiting, Participants participants) {
    this.memory = memory;
    this.waiting = waiting;
    this.participants = participants;
    this.ownAt = ParticipantLayout.at(self) + ParticipantLayout.WATCH_BELL_AT;
    this.spin = Spin.ofInt(memory, ownAt);
  }

  /// How often this process's bell has rung.
  public int rings() {
    return Words.getIntVolatile(memory, ownAt);
  }

  /// Waits for this process's bell, or its doorbell; returns also for no reason, and after
  /// [Waiting#SLICE_NANOS] in any case.
  ///
  /// @param seen what [#rings] said
  /// @param heard what the doorbell said before that
  /// @throws InterruptedException if the thread is interrupted before or while it sleeps
  public void await(int seen, int heard, long deadline) throws InterruptedException {
    if (!spin.until(seen)) {
      long since = System.nanoTime();
      waiting.await(ownAt, seen, heard, deadline);
      spin.slept(System.nanoTime() - since);
    }
  }

  /// Lets all who wait in this process look again.
  public void ringSelf() {
    ring(ownAt);
  }

  /// Lets all who wait in a process look again; nobody if it is dead.
  public void ring(int participant) {
    if (participants.isAlive(participant)) {
      ring(ParticipantLayout.at(participant) + ParticipantLayout.WATCH_BELL_AT);
    }
  }

  /// Lets all who wait in any process look again.
  public void ringAll() {
    participants.forAllAlive(row -> ring(row + ParticipantLayout.WATCH_BELL_AT));
  }

  private void ring(long bellAt) {
    Words.getAndAddInt(memory, bellAt, 1);
    FailPoint.WATCH_BELL_RUNG.reach();
    waiting.wake(bellAt, Integer.MAX_VALUE);
  }
}
