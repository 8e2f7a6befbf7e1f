package io.procession.shared;

import java.util.Objects;

/// The elements of a shared array, one at a time.
///
/// The accessors of one type, such as [#getInt], are the fast ones; [#get] and [#set] box.
///
/// @param <T> the type of the elements, boxed
abstract sealed class SharedElements<T> extends SharedObject permits SharedArray {
  private static final long serialVersionUID = 1L;

  /// More than any array has: an address has no more bits.
  private static final long MOST = 1L << 48;

  final transient ElementType<T> type;
  final transient long length;

  SharedElements(
      Block block, ElementType<T> type, long from, long length, Guard guard, boolean readOnly) {
    super(block, from * type.size, length * type.size, guard, readOnly);
    this.type = type;
    this.length = length;
  }

  /// The type of the elements.
  ///
  /// @return the type
  public final ElementType<T> type() {
    return type;
  }

  /// How many elements there are.
  ///
  /// @return the length
  public final long length() {
    return length;
  }

  /// Reads an element.
  ///
  /// @param index which
  /// @return the element
  /// @throws IndexOutOfBoundsException if there is no such element
  public final T get(long index) {
    long at = at(type, index);
    boolean entered = enter();
    try {
      return Elements.get(type, data, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if it is of another type, as generics allow it to be
  public final void set(long index, T value) {
    T checked = type.require(value);
    long at = at(type, index);
    boolean entered = enterToWrite();
    try {
      Elements.set(type, data, at, checked);
    } finally {
      leave(entered);
    }
  }

  /// Reads an element as volatile memory.
  ///
  /// @param index which
  /// @return the element
  /// @throws IndexOutOfBoundsException if there is no such element
  public final T getVolatile(long index) {
    long at = at(type, index);
    boolean entered = enter();
    try {
      return Elements.getVolatile(type, data, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element as volatile memory.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if it is of another type, as generics allow it to be
  public final void setVolatile(long index, T value) {
    T checked = type.require(value);
    long at = at(type, index);
    boolean entered = enterToWrite();
    try {
      Elements.setVolatile(type, data, at, checked);
    } finally {
      leave(entered);
    }
  }

  /// Adds to an element, in one step: with the lock held, or by the processor if the array is raw.
  ///
  /// @param index which
  /// @param delta what to add; integers wrap around
  /// @return the element before
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws UnsupportedOperationException if there is no such operation: for `boolean` never, for
  ///     `byte`, `short` and `char` with a lock only
  public final T getAndAdd(long index, T delta) {
    T checked = type.require(delta);
    long at = at(type, index);
    boolean entered = enterToWrite();
    try {
      return Atomics.getAndAdd(type, data, at, checked, isRaw());
    } finally {
      leave(entered);
    }
  }

  /// Writes an element if it is as expected, in one step: with the lock held, or by the processor if
  /// the array is raw. Floating numbers are the same if their bits are.
  ///
  /// @param index which
  /// @param expected what it has to be
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws UnsupportedOperationException if the array is raw, and not of `int`, `long`, `float` or
  ///     `double`
  public final boolean compareAndSet(long index, T expected, T value) {
    T old = type.require(expected);
    T changed = type.require(value);
    long at = at(type, index);
    boolean entered = enterToWrite();
    try {
      return Atomics.compareAndSet(type, data, at, old, changed, isRaw());
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `boolean` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract boolean getBoolean(long index);

  /// Writes an element of a `boolean` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setBoolean(long index, boolean value);

  /// {@return an element, read of a `byte` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract byte getByte(long index);

  /// Writes an element of a `byte` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setByte(long index, byte value);

  /// {@return an element, read of a `short` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract short getShort(long index);

  /// Writes an element of a `short` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setShort(long index, short value);

  /// {@return an element, read of a `char` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract char getChar(long index);

  /// Writes an element of a `char` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setChar(long index, char value);

  /// {@return an element, read of an `int` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract int getInt(long index);

  /// Writes an element of an `int` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setInt(long index, int value);

  /// {@return an element, read of a `long` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract long getLong(long index);

  /// Writes an element of a `long` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setLong(long index, long value);

  /// {@return an element, read of a `float` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract float getFloat(long index);

  /// Writes an element of a `float` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setFloat(long index, float value);

  /// {@return an element, read of a `double` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract double getDouble(long index);

  /// Writes an element of a `double` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are of another type
  public abstract void setDouble(long index, double value);

  /// The index, checked with the type. The check is one that the compiler knows how to lift out of
  /// loops; sizes are constants at the callers for the same reason, and that no array is longer than
  /// [#MOST] is said where the compiler learns it.
  @SuppressWarnings("ReferenceEquality") // types are constants
  final long index(ElementType<?> accessed, long index) {
    if (accessed != type) {
      require(accessed);
    }
    return Objects.checkIndex(index, Objects.checkIndex(length, MOST));
  }

  private long at(ElementType<?> accessed, long index) {
    return index(accessed, index) * accessed.size;
  }

  /// The length as that of a Java array or buffer.
  final int room(ElementType<?> accessed) {
    require(accessed);
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "longer than a Java array can be; use a slice: length=" + length);
    }
    return (int) length;
  }

  final void require(ElementType<?> accessed) {
    if (!accessed.equals(type)) {
      throw new IllegalArgumentException(
          "the elements are of another type: asked for "
              + accessed
              + ", array="
              + this
              + "; call what is for their type");
    }
  }
}
