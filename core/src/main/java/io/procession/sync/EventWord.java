package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// The word of an event, in the body of its cell.
///
/// ```
/// 0   state   int   lowest bit: 1 if set; the rest counts how often it was set. A futex word
/// ```
final class EventWord {
  /*
   * All is one word. Who waits sleeps as long as the word is what it was when it looked; a wait ends
   * when the event is set, or has been set since the wait began, as the count shows: so an event that is
   * cleared directly after it was set lets all go on who waited before. Whoever sets it wakes all; if it
   * dies before it does, all doorbells ring, and everybody looks.
   */
  private static final long STATE_AT = 0;
  private static final int SET = 1;
  private static final int ONE_MORE = 2;

  private final MemorySegment memory;
  private final Waiting waiting;
  private final long at;

  EventWord(Session session, int cell) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.at = Directory.body(cell);
  }

  boolean isSet() {
    return isSet(state());
  }

  void set() {
    int state;
    do {
      state = state();
      if (isSet(state)) {
        return;
      }
    } while (!change(state, (state + ONE_MORE) | SET));
    FailPoint.EVENT_SET.reach();
    wakeAll();
  }

  void clear() {
    int state;
    do {
      state = state();
      if (!isSet(state)) {
        return;
      }
    } while (!change(state, state & ~SET));
    FailPoint.EVENT_CLEARED.reach();
  }

  /// Waits for the event until a deadline.
  ///
  /// @return false if it passed
  /// @throws IllegalStateException if the event is destroyed
  boolean await(long deadline, boolean interruptible, Attachment attachment)
      throws InterruptedException {
    int entered = state();
    while (true) {
      attachment.checkThere();
      int heard = waiting.bell();
      int state = state();
      if (isSet(state) || state >>> 1 != entered >>> 1) {
        return true;
      }
      if (deadline - System.nanoTime() <= 0) {
        return false;
      }
      if (interruptible) {
        waiting.await(at + STATE_AT, state, heard, deadline);
      } else {
        waiting.awaitUnlessStopped(at + STATE_AT, state, heard, deadline);
      }
    }
  }

  /// Lets all who wait look again.
  void wakeAll() {
    waiting.wake(at + STATE_AT, Integer.MAX_VALUE);
  }

  private static boolean isSet(int state) {
    return (state & SET) != 0;
  }

  private int state() {
    return Words.getIntVolatile(memory, at + STATE_AT);
  }

  private boolean change(int from, int to) {
    return Words.compareAndSetInt(memory, at + STATE_AT, from, to);
  }
}
