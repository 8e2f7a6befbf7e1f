package io.procession.shared;

import java.lang.foreign.ValueLayout;

/// The elements of a shared array, one at a time.
///
/// The accessors of one type, such as [#getInt], are the fast ones; [#get] and [#set] box.
///
/// @param <T> the type of the elements, boxed
public abstract sealed class SharedElements<T> extends SharedObject permits SharedArray {
  private static final long serialVersionUID = 1L;

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
  /// @throws IllegalStateException if the elements are of another type
  public final boolean getBoolean(long index) {
    long at = at(ElementType.BOOLEAN, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_BYTE, at) != 0;
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `boolean` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setBoolean(long index, boolean value) {
    long at = at(ElementType.BOOLEAN, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_BOOLEAN, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `byte` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final byte getByte(long index) {
    long at = at(ElementType.BYTE, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_BYTE, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `byte` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setByte(long index, byte value) {
    long at = at(ElementType.BYTE, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_BYTE, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `short` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final short getShort(long index) {
    long at = at(ElementType.SHORT, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_SHORT, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `short` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setShort(long index, short value) {
    long at = at(ElementType.SHORT, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_SHORT, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `char` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final char getChar(long index) {
    long at = at(ElementType.CHAR, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_CHAR, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `char` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setChar(long index, char value) {
    long at = at(ElementType.CHAR, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_CHAR, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of an `int` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final int getInt(long index) {
    long at = at(ElementType.INT, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_INT, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of an `int` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setInt(long index, int value) {
    long at = at(ElementType.INT, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_INT, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `long` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final long getLong(long index) {
    long at = at(ElementType.LONG, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_LONG, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `long` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setLong(long index, long value) {
    long at = at(ElementType.LONG, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_LONG, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `float` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final float getFloat(long index) {
    long at = at(ElementType.FLOAT, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_FLOAT, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `float` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setFloat(long index, float value) {
    long at = at(ElementType.FLOAT, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_FLOAT, at, value);
    } finally {
      leave(entered);
    }
  }

  /// {@return an element, read of a `double` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final double getDouble(long index) {
    long at = at(ElementType.DOUBLE, index);
    boolean entered = enter();
    try {
      return data.get(ValueLayout.JAVA_DOUBLE, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element of a `double` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setDouble(long index, double value) {
    long at = at(ElementType.DOUBLE, index);
    boolean entered = enterToWrite();
    try {
      data.set(ValueLayout.JAVA_DOUBLE, at, value);
    } finally {
      leave(entered);
    }
  }

  /// The offset of an element, checked with the type.
  @SuppressWarnings("ReferenceEquality") // types are constants
  private long at(ElementType<?> accessed, long index) {
    if (accessed != type || index < 0 || index >= length) {
      throw misused(accessed, index);
    }
    return index * accessed.size;
  }

  private RuntimeException misused(ElementType<?> accessed, long index) {
    require(accessed);
    return new IndexOutOfBoundsException(
        "no such element: index=" + index + ", length=" + length + ", " + name());
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
      throw new IllegalStateException(
          "the elements are of another type: asked for " + accessed + ", " + this);
    }
  }
}
