package io.procession.internal.remote;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A served object some of whose methods wait for calls of others. No thread waits for it: the call is
/// answered by whoever brings what it waits for.
public interface Deferring {
  /// Begins a call.
  ///
  /// @param method the method
  /// @param deferred where its answer goes: now, or later, by any thread
  /// @return false if this is no method that waits: it is called then
  /// @throws Exception what the method throws at once
  boolean begin(Method method, @Nullable Object[] arguments, Deferred deferred) throws Exception;
}
