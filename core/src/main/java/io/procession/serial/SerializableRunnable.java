package io.procession.serial;

import java.io.Serializable;

/// An action that another process can run: a `Runnable` that is serializable and may throw anything.
///
/// A lambda or method reference passed where a `SerializableRunnable` is asked for needs no cast; the variables it
/// captures must be sendable too.
@FunctionalInterface
public interface SerializableRunnable extends Serializable {

  /// Runs the action.
  ///
  /// @throws Exception whatever the action throws
  void run() throws Exception;
}
