package io.procession.process;

import io.procession.internal.posix.Signals;
import java.util.function.BooleanSupplier;

/// The signals that a parent has sent to a child while it lived. One that comes too late explains nothing.
final class SentSignals {
  private static final int SIGNALLED = 128;

  // guarded by this
  private int sent; // a bit each
  private int last;
  private boolean isOver;

  /// Sends one, unless the child has ended.
  ///
  /// @param sending does so, and tells whether there was somebody to send it to
  synchronized void send(int signal, BooleanSupplier sending) {
    if (!isOver && sending.getAsBoolean()) {
      sent |= 1 << signal;
      last = signal;
    }
  }

  /// Does something unless one was sent, or the child has ended; none is sent meanwhile.
  ///
  /// @return what that did; false if it was not done
  synchronized boolean unlessSent(BooleanSupplier work) {
    return !isOver && last == 0 && work.getAsBoolean();
  }

  /// The child has ended.
  synchronized void end() {
    isOver = true;
  }

  /// The one that explains a status if any does, or else the last; 0 if there was none.
  synchronized int explaining(int status) {
    int number = status - SIGNALLED;
    return Signals.name(number) != null && (sent & 1 << number) != 0 ? number : last;
  }
}
