package io.procession.shared;

import io.procession.internal.check.Require;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// An array of structs that processes share.
///
/// ```java
/// record Point(double x, double y) {}
///
/// var points = SharedStructArray.raw(Point.class, 1_000_000);
/// points.set(7, new Point(1, 2));
/// points.element(7).set("y", 3.0);
/// System.out.println(points.get(7)); // Point[x=1.0, y=3.0]
/// ```
///
/// See [SharedStruct] for records and layouts, [SharedObject] for locks, sending and closing.
///
/// @param <T> the record; `MemorySegment` for a layout: the whole is a copy of the bytes
public final class SharedStructArray<T> extends SharedObject implements Iterable<T> {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient StructType<T> type;
  private final transient long from;
  private final transient long length;

  private SharedStructArray(
      Block block, StructType<T> type, long from, long length, Guard guard, boolean readOnly) {
    super(block, from, Math.multiplyExact(length, type.size()), guard, readOnly);
    this.type = type;
    this.from = from;
    this.length = length;
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param <R> the record
  /// @param type its class
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive, or a component neither a
  ///     primitive nor a record of such
  public static <R extends Record> SharedStructArray<R> create(Class<R> type, long length) {
    StructType<R> layout = RecordType.of(type);
    String name = newName();
    return allocate(layout, length, name, Guard.own(name));
  }

  /// Creates an array with a given lock.
  ///
  /// @param <R> the record
  /// @param type its class
  /// @param length how many
  /// @param lock guards it; to be sendable, if the array is to be sent
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive, or a component neither a
  ///     primitive nor a record of such
  public static <R extends Record> SharedStructArray<R> create(
      Class<R> type, long length, Lock lock) {
    Guard guard = Guard.given(Require.notNull("lock", lock));
    return allocate(RecordType.of(type), length, newName(), guard);
  }

  /// Creates an array without a lock.
  ///
  /// @param <R> the record
  /// @param type its class
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive, or a component neither a
  ///     primitive nor a record of such
  public static <R extends Record> SharedStructArray<R> raw(Class<R> type, long length) {
    return allocate(RecordType.of(type), length, newName(), Guard.NONE);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param layout the members of an element
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive, or a member is an address, in
  ///     another byte order or unaligned
  public static SharedStructArray<MemorySegment> create(StructLayout layout, long length) {
    String name = newName();
    return allocate(new SegmentType(layout), length, name, Guard.own(name));
  }

  /// Creates an array without a lock.
  ///
  /// @param layout the members of an element
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive, or a member is an address, in
  ///     another byte order or unaligned
  public static SharedStructArray<MemorySegment> raw(StructLayout layout, long length) {
    return allocate(new SegmentType(layout), length, newName(), Guard.NONE);
  }

  /// How an element is laid out.
  ///
  /// @return the layout, of a record with its components as members
  public StructLayout layout() {
    return type.layout;
  }

  /// How many elements there are.
  ///
  /// @return the length
  public long length() {
    return length;
  }

  /// Reads an element.
  ///
  /// @param index which
  /// @return a record, or a segment on the heap
  /// @throws IndexOutOfBoundsException if there is no such element
  public T get(long index) {
    long at = at(index);
    boolean entered = enter();
    try {
      return type.read(data, at);
    } finally {
      leave(entered);
    }
  }

  /// Writes an element.
  ///
  /// @param index which
  /// @param value a record, or a segment of the layout's size
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the segment has another size
  public void set(long index, T value) {
    Require.notNull("value", value);
    long at = at(index);
    boolean entered = enterToWrite();
    try {
      type.write(data, at, value);
    } finally {
      leave(entered);
    }
  }

  /// An element as a struct: the same memory and lock.
  ///
  /// @param index which
  /// @return the struct
  /// @throws IndexOutOfBoundsException if there is no such element
  public SharedStruct<T> element(long index) {
    block.check();
    return new SharedStruct<>(block, type, from + at(index), guard, readOnly);
  }

  /// A part of the array: the same memory and lock.
  ///
  /// @param index its first element
  /// @param count how many
  /// @return the part
  /// @throws IndexOutOfBoundsException if there are not so many
  /// @throws IllegalArgumentException if there is none
  public SharedStructArray<T> slice(long index, long count) {
    block.check();
    Objects.checkFromIndexSize(index, count, length);
    Require.positive("count", count);
    return new SharedStructArray<>(block, type, from + index * type.size(), count, guard, readOnly);
  }

  /// The elements, each read when the stream comes to it.
  ///
  /// @return a stream
  public Stream<T> stream() {
    return LongStream.range(0, length).mapToObj(this::get);
  }

  /// The elements from the first to the last, each read when asked for.
  @Override
  public Iterator<T> iterator() {
    return stream().iterator();
  }

  /// The same memory, guarded by a lock.
  ///
  /// @param lock the lock; to be sendable, if the result is to be sent
  /// @return the array with its lock
  public SharedStructArray<T> synchronizedOn(Lock lock) {
    return with(Guard.given(Require.notNull("lock", lock)), readOnly);
  }

  /// The same memory, without a lock.
  ///
  /// @return the raw array
  public SharedStructArray<T> raw() {
    return with(Guard.NONE, readOnly);
  }

  /// The same memory and lock, to be read only; also where it is sent.
  ///
  /// @return the read-only array
  public SharedStructArray<T> asReadOnly() {
    return with(guard, true);
  }

  /// Creates another array of what is in this one now: raw if this is, else with a lock of its own.
  ///
  /// @return the copy
  public SharedStructArray<T> copy() {
    String name = newName();
    SharedStructArray<T> copy =
        allocate(type, length, name, isRaw() ? Guard.NONE : Guard.own(name));
    boolean entered = enter();
    try {
      copy.data.copyFrom(data);
    } catch (RuntimeException | Error e) {
      copy.close();
      throw e;
    } finally {
      leave(entered);
    }
    return copy;
  }

  /// Name, length and layout. Reads nothing.
  @Override
  public String toString() {
    return "SharedStructArray[" + block.state() + ", " + length + " of " + type.layout + "]";
  }

  private long at(long index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          "no such element: index=" + index + ", length=" + length + ", " + name());
    }
    return index * type.size();
  }

  private SharedStructArray<T> with(Guard other, boolean read) {
    block.check();
    return new SharedStructArray<>(block, type, from, length, other, read);
  }

  private static String newName() {
    return "structs-" + MADE.incrementAndGet();
  }

  private static <T> SharedStructArray<T> allocate(
      StructType<T> type, long length, String name, Guard guard) {
    Block block =
        guard.goesWith(() -> {
          Require.between("length", length, 1, Long.MAX_VALUE / type.size());
          return Block.allocate(Block.STRUCTS, type.bytes(length), name);
        });
    return new SharedStructArray<>(block, type, 0, length, guard, false);
  }

  private Object writeReplace() {
    block.check();
    return new Form(block, type.form(), from, length, guard, readOnly);
  }

  /// What is sent of an array.
  private record Form(
      Block block, Serializable type, long from, long length, Guard guard, boolean readOnly)
      implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      block.require(Block.STRUCTS);
      return new SharedStructArray<>(block, StructType.of(type), from, length, guard, readOnly);
    }
  }
}
