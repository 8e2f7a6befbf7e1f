package io.procession.context;

import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// The factories of a [Context] for values, arrays, structs and plain memory that processes share.
abstract class SharedMemoryFactories {
  /// Creates memory that is reached by those to whom it is sent.
  ///
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive
  public SharedMemory sharedMemory(long size) {
    return SharedMemory.create(size);
  }

  /// Creates memory with a public name, which goes with this session; any process attaches it with
  /// [SharedMemory#attach].
  ///
  /// @param name 1 to 255 bytes, no slash
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive, or the name cannot be one
  /// @throws UncheckedIOException if the name is taken, or there is no room for it
  public SharedMemory sharedMemory(String name, long size) {
    return SharedMemory.create(name, size);
  }

  /// Creates a value that processes share, with a lock of its own.
  ///
  /// @param <T> its type, boxed: one of Java's primitive types
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if it is of another type
  public <T> SharedValue<T> value(T initial) {
    return SharedValue.of(initial);
  }

  /// Creates a value that processes share, without a lock.
  ///
  /// @param <T> its type, boxed: one of Java's primitive types
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if it is of another type
  public <T> SharedValue<T> rawValue(T initial) {
    return SharedValue.raw(initial);
  }

  /// Creates an array that processes share, with a lock of its own.
  ///
  /// @param <T> the type of its elements, boxed
  /// @param type the type of its elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  public <T> SharedArray<T> array(ElementType<T> type, long length) {
    return SharedArray.create(type, length);
  }

  /// Creates an array that processes share, without a lock.
  ///
  /// @param <T> the type of its elements, boxed
  /// @param type the type of its elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  public <T> SharedArray<T> rawArray(ElementType<T> type, long length) {
    return SharedArray.raw(type, length);
  }

  /// Creates a struct that processes share, with a lock of its own.
  ///
  /// @param <R> a record of primitives, or of records of such
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public <R extends Record> SharedStruct<R> struct(R initial) {
    return SharedStruct.of(initial);
  }

  /// Creates a struct that processes share, without a lock.
  ///
  /// @param <R> a record of primitives, or of records of such
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public <R extends Record> SharedStruct<R> rawStruct(R initial) {
    return SharedStruct.raw(initial);
  }

  /// Creates a list of fixed length that processes share.
  ///
  /// @param elements its elements: numbers, truth values, strings, bytes and null
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of another type
  public ShareableList shareableList(@Nullable Object... elements) {
    return ShareableList.of(elements);
  }
}
