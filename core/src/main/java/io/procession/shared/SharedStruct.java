package io.procession.shared;

import io.procession.internal.check.Require;
import io.procession.serial.SerializableFunction;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Several primitives that processes share under names: a record's components, or the members of a
/// layout.
///
/// ```java
/// record Account(long balance, int bookings) implements Serializable {}
///
/// var account = SharedStruct.of(new Account(0, 0));
/// try (var pool = Procession.pool(2)) {
///   pool.map(
///       x -> account.update(a -> new Account(a.balance() + x, a.bookings() + 1)),
///       List.of(10, 20, 30));
/// }
/// System.out.println(account.get()); // Account[balance=60, bookings=3]
/// ```
///
/// See [SharedObject] for locks, sending and closing. A record's components are primitives, or records
/// of such; they lie as in C. A layout is any `StructLayout` of primitives in the machine's byte
/// order, aligned to their sizes. Fields are named by path: `x`, `center.x`, `corners[3].x`.
///
/// [#get()] and [#set(Object)] are one step for all who use the lock; a raw struct is read and written
/// field by field, and so is one whose writer was killed half-way.
///
/// @param <T> the record; `MemorySegment` for a layout: the whole is a copy of the bytes
public final class SharedStruct<T> extends SharedObject implements Struct<T> {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient StructType<T> type;
  private final transient long from;

  SharedStruct(Block block, StructType<T> type, long from, Guard guard, boolean readOnly) {
    super(block, from, type.size(), guard, readOnly);
    this.type = type;
    this.from = from;
  }

  /// Creates a struct with a lock of its own.
  ///
  /// @param <R> the record
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> of(R initial) {
    String name = newName();
    return filled(initial, name, Guard.own(name));
  }

  /// Creates a struct with a given lock.
  ///
  /// @param <R> the record
  /// @param initial its first contents
  /// @param lock guards it; to be sendable, if the struct is to be sent
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> of(R initial, Lock lock) {
    return filled(initial, newName(), Guard.given(Require.notNull("lock", lock)));
  }

  /// Creates a struct without a lock.
  ///
  /// @param <R> the record
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> raw(R initial) {
    return filled(initial, newName(), Guard.NONE);
  }

  /// Creates a struct of zeros with a lock of its own.
  ///
  /// @param <R> the record
  /// @param type its class
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> create(Class<R> type) {
    String name = newName();
    return allocate(RecordType.of(type), name, Guard.own(name));
  }

  /// Creates a struct of zeros with a lock of its own.
  ///
  /// @param layout its members
  /// @return the struct
  /// @throws IllegalArgumentException if a member is an address, in another byte order or unaligned
  public static SharedStruct<MemorySegment> create(StructLayout layout) {
    String name = newName();
    return allocate(new SegmentType(layout), name, Guard.own(name));
  }

  /// Creates a struct of zeros with a given lock.
  ///
  /// @param layout its members
  /// @param lock guards it; to be sendable, if the struct is to be sent
  /// @return the struct
  /// @throws IllegalArgumentException if a member is an address, in another byte order or unaligned
  public static SharedStruct<MemorySegment> create(StructLayout layout, Lock lock) {
    Guard guard = Guard.given(Require.notNull("lock", lock));
    return allocate(new SegmentType(layout), newName(), guard);
  }

  /// Creates a struct of zeros without a lock.
  ///
  /// @param layout its members
  /// @return the struct
  /// @throws IllegalArgumentException if a member is an address, in another byte order or unaligned
  public static SharedStruct<MemorySegment> raw(StructLayout layout) {
    return allocate(new SegmentType(layout), newName(), Guard.NONE);
  }

  /// How its memory is laid out.
  ///
  /// @return the layout, of a record with its components as members
  public StructLayout layout() {
    return type.layout;
  }

  /// Reads all of it.
  ///
  /// @return a record, or a segment on the heap
  /// @throws IllegalStateException also if the record's constructor refuses what is there
  @Override
  public T get() {
    boolean entered = enter();
    try {
      return type.read(data, 0);
    } finally {
      leave(entered);
    }
  }

  /// Writes all of it.
  ///
  /// @param value a record, or a segment of the layout's size
  /// @throws IllegalArgumentException if the segment has another size
  @Override
  public void set(T value) {
    Require.notNull("value", value);
    boolean entered = enterToWrite();
    try {
      type.write(data, 0, value);
    } finally {
      leave(entered);
    }
  }

  /// Writes all of it if it is as expected, in one step, with the lock held.
  ///
  /// @param expected what it has to be: a record that equals, or a segment of the same bytes
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws IllegalArgumentException if a segment has another size
  /// @throws UnsupportedOperationException if it is raw
  @Override
  public boolean compareAndSet(T expected, T value) {
    Require.notNull("expected", expected);
    Require.notNull("value", value);
    requireWholeSteps();
    boolean entered = enterToWrite();
    try {
      boolean same = isSame(type.read(data, 0), expected);
      if (same) {
        type.write(data, 0, value);
      }
      return same;
    } finally {
      leave(entered);
    }
  }

  private static boolean isSame(Object now, Object expected) {
    if (now instanceof MemorySegment bytes && expected instanceof MemorySegment others) {
      return bytes.mismatch(others) == -1;
    }
    return now.equals(expected);
  }

  private void requireWholeSteps() {
    if (isRaw()) {
      throw new UnsupportedOperationException(
          "a raw struct changes field by field: struct="
              + this
              + "; synchronizedOn(lock) gives it a lock");
    }
  }

  /// Reads it, lets new contents be computed, and writes those, in one step, with the lock held. If the
  /// function throws, it is as it was.
  ///
  /// @param change computes the new contents from the old ones
  /// @return the new contents
  /// @throws java.util.concurrent.CompletionException if the function throws a checked exception; an
  ///     unchecked one is thrown itself
  /// @throws UnsupportedOperationException if it is raw
  @Override
  public T update(SerializableFunction<? super T, ? extends T> change) {
    Require.notNull("change", change);
    requireWholeSteps();
    boolean entered = enterToWrite();
    try {
      T changed = Require.notNull("changed", Changes.apply(change, type.read(data, 0)));
      block.check();
      type.write(data, 0, changed);
      return changed;
    } finally {
      leave(entered);
    }
  }

  /// Reads a field.
  ///
  /// @param field its path, such as `center.x`
  /// @return its value, boxed
  /// @throws IllegalArgumentException if there is no such primitive
  @Override
  public Object get(String field) {
    StructType.Member found = type.field(field);
    boolean entered = enter();
    try {
      return Elements.getVolatile(found.type(), data, found.offset());
    } finally {
      leave(entered);
    }
  }

  /// Writes a field.
  ///
  /// @param field its path, such as `center.x`
  /// @param value its new value, boxed, of the field's very type
  /// @throws IllegalArgumentException if there is no such primitive, or it is of another type
  @Override
  public void set(String field, @Nullable Object value) {
    StructType.Member found = type.field(field);
    Object checked = found.type().require(Require.notNull("value", value));
    boolean entered = enterToWrite();
    try {
      Elements.setVolatile(found.type(), data, found.offset(), checked);
    } finally {
      leave(entered);
    }
  }

  /// Adds to a field, in one step: with the lock held, or by the processor if the struct is raw.
  ///
  /// @param field its path, such as `center.x`
  /// @param delta what to add, boxed, of the field's very type
  /// @return the field before
  /// @throws IllegalArgumentException if there is no such primitive, it is of another type, or it is a
  ///     `boolean`
  /// @throws UnsupportedOperationException if the struct is raw and there is no such operation: for
  ///     `byte`, `short` and `char`
  @Override
  public Object getAndAdd(String field, Object delta) {
    StructType.Member found = type.field(field);
    if (found.type() == ElementType.BOOLEAN) {
      throw new IllegalArgumentException(
          "field must be a number: field="
              + field
              + ", type="
              + found.type()
              + "; only numbers can be added to");
    }
    boolean entered = enterToWrite();
    try {
      return add(found.type(), found.offset(), delta);
    } finally {
      leave(entered);
    }
  }

  /// Writes a field if it is as expected, in one step: with the lock held, or by the processor if the
  /// struct is raw.
  ///
  /// @param field its path, such as `center.x`
  /// @param expected what it has to be
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws IllegalArgumentException if there is no such primitive, or it is of another type
  /// @throws UnsupportedOperationException if the struct is raw, and the field not an `int`, `long`,
  ///     `float` or `double`
  @Override
  public boolean compareAndSet(String field, @Nullable Object expected, @Nullable Object value) {
    StructType.Member found = type.field(field);
    boolean entered = enterToWrite();
    try {
      return exchange(
          found.type(),
          found.offset(),
          Require.notNull("expected", expected),
          Require.notNull("value", value));
    } finally {
      leave(entered);
    }
  }

  /// The same memory, guarded by a lock.
  ///
  /// @param lock the lock; to be sendable, if the result is to be sent
  /// @return the struct with its lock
  public SharedStruct<T> synchronizedOn(Lock lock) {
    return with(Guard.given(Require.notNull("lock", lock)), readOnly);
  }

  /// The same memory, without a lock.
  ///
  /// @return the raw struct
  public SharedStruct<T> raw() {
    return with(Guard.NONE, readOnly);
  }

  /// The same memory and lock, to be read only; also where it is sent.
  ///
  /// @return the read-only struct
  public SharedStruct<T> asReadOnly() {
    return with(guard, true);
  }

  /// Creates another struct that is now the same: raw if this is, else with a lock of its own.
  ///
  /// @return the copy
  public SharedStruct<T> copy() {
    T contents = get();
    String name = newName();
    SharedStruct<T> copy = allocate(type, name, isRaw() ? Guard.NONE : Guard.own(name));
    copy.set(contents);
    return copy;
  }

  /// Name and layout. Reads nothing.
  @Override
  public String toString() {
    return "SharedStruct[" + block.state() + ", " + type.layout + "]";
  }

  private <V> V add(ElementType<V> field, long at, Object delta) {
    return Atomics.getAndAdd(field, data, at, field.require(delta), isRaw());
  }

  private <V> boolean exchange(ElementType<V> field, long at, Object expected, Object value) {
    V from = field.require(expected);
    V to = field.require(value);
    return Atomics.compareAndSet(field, data, at, from, to, isRaw());
  }

  private SharedStruct<T> with(Guard other, boolean read) {
    block.check();
    return new SharedStruct<>(block, type, from, other, read);
  }

  private static String newName() {
    return "struct-" + MADE.incrementAndGet();
  }

  private static <R extends Record> SharedStruct<R> filled(R initial, String name, Guard guard) {
    @SuppressWarnings("unchecked") // records have no subclasses
    Class<R> type = (Class<R>) initial.getClass();
    StructType<R> layout = guard.goesWith(() -> RecordType.of(type));
    SharedStruct<R> struct = allocate(layout, name, guard);
    layout.write(struct.data, 0, initial);
    return struct;
  }

  private static <T> SharedStruct<T> allocate(StructType<T> type, String name, Guard guard) {
    Block block = guard.goesWith(() -> Block.allocate(Block.STRUCTS, type.bytes(1), name));
    return new SharedStruct<>(block, type, 0, guard, false);
  }

  private Object writeReplace() {
    block.check();
    return new Form(block, type.form(), from, guard, readOnly);
  }

  /// What is sent of a struct.
  private record Form(Block block, Serializable type, long from, Guard guard, boolean readOnly)
      implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      block.require(Block.STRUCTS);
      return new SharedStruct<>(block, StructType.of(type), from, guard, readOnly);
    }
  }
}
