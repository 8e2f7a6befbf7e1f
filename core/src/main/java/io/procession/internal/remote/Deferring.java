package io.procession.internal.remote;

import java.lang.reflect.Method;

/// A served object some of whose methods wait for calls of others. No thread waits for it: the call is
/// answered by whoever brings what it waits for.
public interface Deferring {
  /// Whether a method waits, and is begun rather than called.
  boolean defers(Method method);

  /// Begins a call of such a method.
  ///
  /// @param deferred where its answer goes: now, or later, by any thread
  void begin(Deferred deferred);
}
