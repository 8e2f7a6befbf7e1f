package io.procession.internal.ring;

import io.procession.internal.arena.Spin;
import io.procession.internal.arena.Waiting;
import io.procession.internal.posix.Until;

/// One thread's wait at one side of a ring.
///
/// ```
/// while (true) {
///   wait.listen();
///   if (...what is waited for...) break;
///   wait.rest(deadline);
/// }
/// ```
///
/// Each rest is the next step of: stay awake for a moment; announce that one is going to sleep;
/// sleep. After a sleep it begins anew.
final class RingWait {
  private final Waiting waiting;
  private final Sleepers sleepers;
  private final Spin spin;
  private int heard;
  private long seen;
  private int announced;
  private boolean slept;

  RingWait(Waiting waiting, Sleepers sleepers, Spin spin) {
    this.waiting = waiting;
    this.sleepers = sleepers;
    this.spin = spin;
  }

  /// Called before each look: what comes after this is not missed.
  void listen() {
    heard = waiting.bell();
    seen = spin.look();
  }

  /// Called after a look in vain.
  void rest(long deadline) throws InterruptedException {
    if (announced != 0) {
      sleep(deadline);
      announced = 0;
    } else if (!spin.until(seen)) {
      announced = sleepers.announce();
    }
  }

  /// Hands a wake-up on that may have come and that the caller does not use.
  void passOn() {
    if (slept) {
      sleepers.passOn();
    }
  }

  private void sleep(long deadline) throws InterruptedException {
    slept = true;
    long since = System.nanoTime();
    boolean woken = false;
    try {
      sleepers.sleep(announced, heard, Until.ofClock(deadline));
      woken = true;
      spin.slept(System.nanoTime() - since);
    } finally {
      if (!woken) {
        sleepers.passOn();
      }
    }
  }
}
