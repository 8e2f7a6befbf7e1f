package io.procession.manager;

import io.procession.serial.SerializableFunction;

/// A value of a manager: any object that can be sent. Safe for all threads of all processes that have
/// it.
///
/// @param <T> the type of the value
public interface ManagedValue<T> {

  /// A copy of the value.
  ///
  /// @return the value
  T get();

  /// Sets the value.
  ///
  /// @param value the new one
  void set(T value);

  /// Changes the value, at the server and alone: no other change comes between.
  ///
  /// @param change makes the new value of the old one; it is sent to the server
  /// @return the new value
  T update(SerializableFunction<? super T, ? extends T> change);

  /// Sets the value if it equals another.
  ///
  /// @param expected what it is compared with
  /// @param value the new one
  /// @return whether it was set
  boolean compareAndSet(T expected, T value);
}
