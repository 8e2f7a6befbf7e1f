package io.procession.shared;

import io.procession.serial.SerializableFunction;
import org.jspecify.annotations.Nullable;

/// A value that processes share, whichever way: a [SharedValue] or [SharedStruct] in the session's
/// memory, or the proxy of one at a manager's server.
///
/// ```java
/// static void count(Value<Integer> visitors) {
///   visitors.update(n -> n + 1);
/// }
/// ```
///
/// In memory it is a primitive or a record of such; at a server any object that can be sent. What is
/// read is a copy. It is sent to other processes like any object, and all copies are one value. Safe for
/// all threads of all processes that have it.
///
/// Each method of a proxy is a call to the server, for whose answer it waits, and throws a
/// `ProcessException` if the server has ended. Those of a locked object in memory wait for its lock; what
/// else they throw is said at [SharedObject].
///
/// @param <T> the type of the value
public interface Value<T extends @Nullable Object> {

  /// Reads it.
  ///
  /// @return a copy of the value
  T get();

  /// Writes it.
  ///
  /// @param value the new value
  void set(T value);

  /// Writes it if it is as expected, in one step.
  ///
  /// @param expected what it has to be; floating numbers in memory are the same if their bits are
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws UnsupportedOperationException if it is in memory without a lock, and not an `int`, `long`,
  ///     `float` or `double`
  boolean compareAndSet(T expected, T value);

  /// Reads it, lets a new value be computed, and writes that, in one step: nobody's other change comes
  /// between. If the function throws, the value is as it was.
  ///
  /// @param change computes the new value from the old one. In memory it is run here, with the lock held,
  ///     or, where there is no lock, until nobody has come between, so more than once perhaps. At a
  ///     server it is sent there, and run again if the value was set meanwhile; two do not run at a time.
  ///     A server over the network refuses it. It returns the new value and must not set it
  /// @return the new value
  /// @throws java.util.concurrent.CompletionException if the function throws a checked exception; an
  ///     unchecked one is thrown itself
  /// @throws IllegalStateException by the method that is called, if a function at a server sets or updates the
  ///     very value that it computes
  /// @throws UnsupportedOperationException if it is in memory without a lock, and not an `int`, `long`,
  ///     `float` or `double`
  T update(SerializableFunction<? super T, ? extends T> change);
}
