package io.procession.shared;

import org.jspecify.annotations.Nullable;

/// Several values under names that processes share, whichever way: a [SharedStruct] in the session's
/// memory, or the proxy of a record at a manager's server.
///
/// ```java
/// static void book(Struct<Account> account, long amount) {
///   account.getAndAdd("balance", amount);
/// }
/// ```
///
/// What is said of a [Value] holds for the whole. A field is named as the record's component; in memory
/// fields within fields have paths, as `center.x`. To set a field at a server makes a new record by the
/// canonical constructor, whose checks hold.
///
/// @param <R> the record; in memory also what else a [SharedStruct] reads
public interface Struct<R> extends Value<R> {

  /// Reads a field.
  ///
  /// @param field its name
  /// @return a copy of its value, boxed
  /// @throws IllegalArgumentException if there is no such field
  @Nullable Object get(String field);

  /// Writes a field.
  ///
  /// @param field its name
  /// @param value its new value, boxed, of the field's very type
  /// @throws IllegalArgumentException if there is no such field, or it is of another type
  void set(String field, @Nullable Object value);

  /// Adds to a field that is a number, in one step.
  ///
  /// @param field its name
  /// @param delta what to add, boxed, of the field's very type; integers wrap around
  /// @return the field before
  /// @throws IllegalArgumentException if there is no such field, it is of another type, or no number
  /// @throws UnsupportedOperationException if the struct is in memory without a lock, and the field a
  ///     `byte`, `short` or `char`
  Object getAndAdd(String field, Object delta);

  /// Writes a field if it is as expected, in one step.
  ///
  /// @param field its name
  /// @param expected what it has to be
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws IllegalArgumentException if there is no such field, or it is of another type
  /// @throws UnsupportedOperationException if the struct is in memory without a lock, and the field not an
  ///     `int`, `long`, `float` or `double`
  boolean compareAndSet(String field, @Nullable Object expected, @Nullable Object value);
}
