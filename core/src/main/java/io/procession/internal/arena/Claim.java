package io.procession.internal.arena;

import java.io.Serializable;

/// The right of other processes to something that this process keeps for them. It can be sent, and is
/// there as long as any process has it, or any message that somebody can still receive.
public interface Claim extends Serializable {
  /// True if, apart from its maker, nobody has it and nobody ever will.
  boolean isAbandoned();

  /// Gives it up in this process, which then cannot send it any more. Closing again does nothing.
  void close();

  /// Ends it for all, by its maker.
  void end();

  /// Makes claims.
  interface Factory {
    /// A new claim, which nobody else has yet.
    ///
    /// @throws IllegalStateException if the session has room for no more
    Claim create();
  }
}
