package io.procession.internal.remote;

import io.procession.serial.Codec;
import io.procession.serial.StandInException;
import org.jspecify.annotations.Nullable;

/// The answer to a call that waits, which comes later.
///
/// ```
///              answered              pend                 answered
///   BEGUN -----------------> DONE          BEGUN -> PENDING ---------> DONE
///           the loop replies                        who answers replies
/// ```
///
/// Its monitor guards it; nothing is called with it held. A call that is to be cancelled, and one of a
/// process that is gone, is answered by what [#onCancel] was given, if it is not answered before.
public final class Deferred {
  private enum State {
    BEGUN,
    PENDING,
    DONE
  }

  private final CallLoop loop;
  private State state = State.BEGUN; // guarded by this
  private @Nullable Object @Nullable [] early; // guarded by this
  private @Nullable Cancellation cancellation; // guarded by this
  private boolean isCancelled; // guarded by this
  private boolean isGone; // guarded by this

  /// Ends the wait of a call.
  public interface Cancellation {
    /// Answers, if that comes before the answer; for a caller that is gone there is nobody to answer.
    ///
    /// @param isGone whether the caller is gone, rather than interrupted
    void cancel(boolean isGone);
  }

  Deferred(CallLoop loop) {
    this.loop = loop;
  }

  /// Says what ends the wait when the caller does not want to wait any more, or is gone. Called at once
  /// if that is so already.
  public void onCancel(Cancellation action) {
    boolean gone;
    synchronized (this) {
      if (!isCancelled) {
        cancellation = action;
        return;
      }
      gone = isGone;
    }
    action.cancel(gone);
  }

  /// The method returns.
  public void complete(@Nullable Object result) {
    settle(Wire.reply(Wire.RETURN, result));
  }

  /// The method throws.
  public void fail(Throwable thrown) {
    settle(Wire.reply(Wire.ERROR, StandInException.sendable(thrown, Codec.standard())));
  }

  private void settle(@Nullable Object[] reply) {
    boolean isPending;
    synchronized (this) {
      isPending = state == State.PENDING;
      if (state == State.BEGUN) {
        early = reply;
      }
      state = State.DONE;
      cancellation = null;
    }
    if (isPending) {
      loop.answerLater(this, reply);
    }
  }

  /// Whether it is answered already.
  synchronized boolean isDone() {
    return state == State.DONE;
  }

  /// The loop goes on, and whoever answers replies.
  ///
  /// @return the reply if it is there already
  synchronized @Nullable Object @Nullable [] pend() {
    if (state == State.BEGUN) {
      state = State.PENDING;
      return null;
    }
    return early;
  }

  /// Ends the wait.
  void cancel(boolean gone) {
    Cancellation action;
    synchronized (this) {
      isCancelled = true;
      isGone |= gone;
      action = cancellation;
      cancellation = gone ? null : cancellation;
    }
    if (action != null) {
      action.cancel(gone);
    }
  }
}
