package io.procession.connection;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.UserSet;
import io.procession.internal.ring.MessageRing;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// This process's use of one end of a pipe: it is among the end's users from its first use on until
/// it leaves. Apart from [PipeChannel], so that it can be ended when that is unreachable.
final class PipeUse {
  private enum State {
    HELD,
    USED,
    LEFT
  }

  private final MessageRing forth;
  private final @Nullable MessageRing back;
  private final UserSet own;
  private final UserSet far;
  private final AtomicInteger ends;
  private volatile State state = State.HELD;

  /// @param forth the ring from the second end to the first
  /// @param back the ring the other way, if there is one
  /// @param ends how many ends of this pipe this process made and has not left
  PipeUse(End end, MessageRing forth, @Nullable MessageRing back, AtomicInteger ends) {
    this.forth = forth;
    this.back = back;
    this.own = end == End.FIRST ? forth.readers() : forth.writers();
    this.far = end == End.FIRST ? forth.writers() : forth.readers();
    this.ends = ends;
  }

  /// Makes this process a user of its end.
  ///
  /// @throws IllegalStateException if the pipe has been freed: all who used it have left
  void begin() throws IOException {
    if (state != State.USED) {
      join();
    }
  }

  private synchronized void join() throws IOException {
    if (state == State.LEFT) {
      throw new IOException("this end of the pipe is closed in this process");
    }
    if (state == State.HELD) {
      forth.join(own);
      state = State.USED;
    }
  }

  boolean hasLeft() {
    return state == State.LEFT;
  }

  /// True if all that used the far end have left it.
  boolean isAbandoned() {
    return far.isAbandoned();
  }

  /// Ends this process's use; the last one out frees the pipe.
  synchronized void leave() {
    if (state == State.LEFT) {
      return;
    }
    boolean used = state == State.USED;
    state = State.LEFT;
    forth.detach();
    if (back != null) {
      back.detach();
    }
    if (used && forth.leave(own) && far.isAbandoned()) {
      destroy();
    }
    if (ends.decrementAndGet() == 0 && !forth.wasSent()) {
      destroy();
    }
  }

  private void destroy() {
    destroy(forth, back);
  }

  /// Frees a pipe if all that used either end have left.
  static void destroyAbandoned(CellRef ref) {
    try {
      MessageRing forth = MessageRing.attach(Session.current(), ref, CellKind.PIPE);
      MessageRing back = forth.attachBack(CellKind.PIPE);
      if (forth.readers().isAbandoned() && forth.writers().isAbandoned()) {
        destroy(forth, back);
      }
    } catch (IllegalStateException e) {
      // another was faster
    }
  }

  private static void destroy(MessageRing forth, @Nullable MessageRing back) {
    if (back != null) {
      back.destroy();
    }
    forth.destroy();
  }
}
