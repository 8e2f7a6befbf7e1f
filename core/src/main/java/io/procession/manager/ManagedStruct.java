package io.procession.manager;

import org.jspecify.annotations.Nullable;

/// A record of a manager, of which single fields can be read and set. Safe for all threads of all
/// processes that have it; each call is one step for all of them.
///
/// A field is named as the record's component. To set one makes a new record by the canonical
/// constructor, whose checks hold.
///
/// @param <R> the record
public interface ManagedStruct<R extends Record> extends ManagedValue<R> {

  /// A copy of a field.
  ///
  /// @param field its name
  /// @return its value
  /// @throws IllegalArgumentException if there is no such field
  @Nullable Object get(String field);

  /// Sets a field.
  ///
  /// @param field its name
  /// @param value the new value
  /// @throws IllegalArgumentException if there is no such field, or it is of another type
  void set(String field, @Nullable Object value);

  /// Adds to a field that is a number.
  ///
  /// @param field its name
  /// @param delta what to add, of the field's type; integers wrap around
  /// @return the value before
  /// @throws IllegalArgumentException if there is no such field, or it is of another type
  Object getAndAdd(String field, Number delta);

  /// Sets a field if it equals another value.
  ///
  /// @param field its name
  /// @param expected what it is compared with
  /// @param value the new value
  /// @return whether it was set
  /// @throws IllegalArgumentException if there is no such field, or it is of another type
  boolean compareAndSet(String field, @Nullable Object expected, @Nullable Object value);
}
