package io.procession.process;

import io.procession.connection.AuthKey;
import org.jspecify.annotations.Nullable;

/// A process as seen from this one: one it has made, itself, or its parent.
abstract sealed class Kin permits Offspring, Self, Parent {
  abstract String name();

  abstract boolean isDaemon();

  abstract long pid();

  abstract boolean isAlive();

  abstract AuthKey authKey();

  /// What shows of its state: `started`.
  abstract String state();

  /// The child that was started.
  ///
  /// @throws IllegalStateException if it is none, or was not started
  abstract Child child();

  /// Waits for its end.
  ///
  /// @return false if it still lives after `nanos`
  abstract boolean awaitEnd(long nanos) throws InterruptedException;

  /// The process that this one has made.
  ///
  /// @param what is to be done with it, for the message
  /// @throws IllegalStateException if it has not made it
  Offspring offspring(String what) {
    throw new IllegalStateException(what + ": process=" + name());
  }

  @Nullable DeathCertificate certificate() {
    return null;
  }
}
