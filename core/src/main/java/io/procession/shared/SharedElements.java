package io.procession.shared;

import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;

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
    long at = index(ElementType.BOOLEAN, index);
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_BYTE, base + at) != 0;
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (boolean) (Object) guardedGet(at);
  }

  /// Writes an element of a `boolean` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setBoolean(long index, boolean value) {
    long at = index(ElementType.BOOLEAN, index);
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_BOOLEAN, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `byte` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final byte getByte(long index) {
    long at = index(ElementType.BYTE, index);
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_BYTE, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (byte) (Object) guardedGet(at);
  }

  /// Writes an element of a `byte` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setByte(long index, byte value) {
    long at = index(ElementType.BYTE, index);
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_BYTE, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `short` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final short getShort(long index) {
    long at = index(ElementType.SHORT, index) << 1;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_SHORT, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (short) (Object) guardedGet(at);
  }

  /// Writes an element of a `short` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setShort(long index, short value) {
    long at = index(ElementType.SHORT, index) << 1;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_SHORT, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `char` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final char getChar(long index) {
    long at = index(ElementType.CHAR, index) << 1;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_CHAR, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (char) (Object) guardedGet(at);
  }

  /// Writes an element of a `char` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setChar(long index, char value) {
    long at = index(ElementType.CHAR, index) << 1;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_CHAR, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of an `int` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final int getInt(long index) {
    long at = index(ElementType.INT, index) << 2;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_INT, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (int) (Object) guardedGet(at);
  }

  /// Writes an element of an `int` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setInt(long index, int value) {
    long at = index(ElementType.INT, index) << 2;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_INT, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `long` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final long getLong(long index) {
    long at = index(ElementType.LONG, index) << 3;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_LONG, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (long) (Object) guardedGet(at);
  }

  /// Writes an element of a `long` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setLong(long index, long value) {
    long at = index(ElementType.LONG, index) << 3;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_LONG, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `float` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final float getFloat(long index) {
    long at = index(ElementType.FLOAT, index) << 2;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_FLOAT, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (float) (Object) guardedGet(at);
  }

  /// Writes an element of a `float` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setFloat(long index, float value) {
    long at = index(ElementType.FLOAT, index) << 2;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_FLOAT, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  /// {@return an element, read of a `double` array}
  ///
  /// @param index which
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final double getDouble(long index) {
    long at = index(ElementType.DOUBLE, index) << 3;
    if (raw) {
      block.check();
      try {
        return Block.ARENA.get(ValueLayout.JAVA_DOUBLE, base + at);
      } finally {
        Reference.reachabilityFence(this);
      }
    }
    return (double) (Object) guardedGet(at);
  }

  /// Writes an element of a `double` array.
  ///
  /// @param index which
  /// @param value the new element
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the elements are of another type
  public final void setDouble(long index, double value) {
    long at = index(ElementType.DOUBLE, index) << 3;
    if (rawWritable) {
      block.check();
      try {
        Block.ARENA.set(ValueLayout.JAVA_DOUBLE, base + at, value);
      } finally {
        Reference.reachabilityFence(this);
      }
      return;
    }
    guardedSet(at, value);
  }

  private T guardedGet(long at) {
    boolean entered = enter();
    try {
      return Elements.get(type, data, at);
    } finally {
      leave(entered);
    }
  }

  private void guardedSet(long at, Object value) {
    boolean entered = enterToWrite();
    try {
      Elements.set(type, data, at, value);
    } finally {
      leave(entered);
    }
  }

  /// The index, checked with the type. The check is one that the compiler knows how to lift out of
  /// loops; sizes are constants at the callers for the same reason.
  @SuppressWarnings("ReferenceEquality") // types are constants
  private long index(ElementType<?> accessed, long index) {
    if (accessed != type) {
      require(accessed);
    }
    return Objects.checkIndex(index, length);
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
      throw new IllegalStateException(
          "the elements are of another type: asked for " + accessed + ", " + this);
    }
  }
}
