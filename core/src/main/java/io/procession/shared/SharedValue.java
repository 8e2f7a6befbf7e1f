package io.procession.shared;

import io.procession.internal.check.Require;
import io.procession.serial.SerializableFunction;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

/// A value of a primitive type that processes share.
///
/// ```java
/// var counter = SharedValue.of(0);
/// try (var pool = Procession.pool(2)) {
///   pool.map(x -> counter.update(n -> n + x), List.of(1, 2, 3));
/// }
/// System.out.println(counter.get()); // 6
/// ```
///
/// See [SharedObject] for locks, sending and closing. Reads and writes are volatile.
///
/// @param <T> the type, boxed
public final class SharedValue<T> extends SharedObject implements Value<T> {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient ElementType<T> type;

  private SharedValue(Block block, ElementType<T> type, Guard guard, boolean readOnly) {
    super(block, 0, type.size, guard, readOnly);
    this.type = type;
  }

  /// Creates a value with a lock of its own.
  ///
  /// @param <T> the type, boxed
  /// @param type the type
  /// @param initial its first value
  /// @return the value
  public static <T> SharedValue<T> of(ElementType<T> type, T initial) {
    String name = newName();
    return allocate(type, initial, name, Guard.own(name));
  }

  /// Creates a value with a given lock.
  ///
  /// @param <T> the type, boxed
  /// @param type the type
  /// @param initial its first value
  /// @param lock guards it; to be sendable, if the value is to be sent
  /// @return the value
  public static <T> SharedValue<T> of(ElementType<T> type, T initial, Lock lock) {
    return allocate(type, initial, newName(), Guard.given(Require.notNull("lock", lock)));
  }

  /// Creates a value without a lock.
  ///
  /// @param <T> the type, boxed
  /// @param type the type
  /// @param initial its first value
  /// @return the value
  public static <T> SharedValue<T> raw(ElementType<T> type, T initial) {
    return allocate(type, initial, newName(), Guard.NONE);
  }

  /// Creates a value with a lock of its own, by one of Python's type codes.
  ///
  /// @param code the type code, see [ElementType#ofCode]
  /// @return the value, zero
  /// @throws IllegalArgumentException if there is no such code
  public static SharedValue<?> ofCode(char code) {
    return zero(ElementType.ofCode(code), true);
  }

  /// Creates a value without a lock, by one of Python's type codes.
  ///
  /// @param code the type code, see [ElementType#ofCode]
  /// @return the value, zero
  /// @throws IllegalArgumentException if there is no such code
  public static SharedValue<?> rawOfCode(char code) {
    return zero(ElementType.ofCode(code), false);
  }

  /// Creates a value with a lock of its own, of the type of its first value.
  ///
  /// @param <T> the type, boxed
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if that is not a boxed primitive
  @SuppressWarnings("unchecked") // the class of a T that is no subclass
  public static <T> SharedValue<T> of(T initial) {
    Require.notNull("initial", initial);
    return of(ElementType.of((Class<T>) initial.getClass()), initial);
  }

  /// Creates a value without a lock, of the type of its first value.
  ///
  /// @param <T> the type, boxed
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if that is not a boxed primitive
  @SuppressWarnings("unchecked") // the class of a T that is no subclass
  public static <T> SharedValue<T> raw(T initial) {
    Require.notNull("initial", initial);
    return raw(ElementType.of((Class<T>) initial.getClass()), initial);
  }

  /// Its type.
  ///
  /// @return the type
  public ElementType<T> type() {
    return type;
  }

  /// Reads it.
  ///
  /// @return the value
  @Override
  public T get() {
    boolean entered = enter();
    try {
      return Elements.getVolatile(type, data, 0);
    } finally {
      leave(entered);
    }
  }

  /// Writes it.
  ///
  /// @param value the new value
  /// @throws IllegalArgumentException if it is of another type, as generics allow it to be
  @Override
  public void set(T value) {
    T checked = type.require(value);
    boolean entered = enterToWrite();
    try {
      Elements.setVolatile(type, data, 0, checked);
    } finally {
      leave(entered);
    }
  }

  /// Reads it, lets a new value be computed, and writes that, in one step: with the lock held, or, if
  /// it is raw, again and again until nobody has come between. If the function throws, the value is as
  /// it was.
  ///
  /// @param change computes the new value from the old one; of a raw value more than once perhaps
  /// @return the new value
  /// @throws java.util.concurrent.CompletionException if the function throws a checked exception; an
  ///     unchecked one is thrown itself
  /// @throws UnsupportedOperationException if it is raw, and not an `int`, `long`, `float` or `double`
  @Override
  public T update(SerializableFunction<? super T, ? extends T> change) {
    Require.notNull("change", change);
    boolean entered = enterToWrite();
    try {
      return isRaw() ? exchange(change) : replace(change);
    } finally {
      leave(entered);
    }
  }

  private T replace(SerializableFunction<? super T, ? extends T> change) {
    T changed = type.require(Changes.apply(change, Elements.getVolatile(type, data, 0)));
    block.check(); // the function may have destroyed it
    Elements.setVolatile(type, data, 0, changed);
    return changed;
  }

  private T exchange(SerializableFunction<? super T, ? extends T> change) {
    Elements.requireAtomics(type);
    T old = Elements.getVolatile(type, data, 0);
    T changed = type.require(Changes.apply(change, old));
    block.check();
    while (!Elements.compareAndSet(type, data, 0, old, changed)) {
      old = Elements.getVolatile(type, data, 0);
      changed = type.require(Changes.apply(change, old));
      block.check();
    }
    return changed;
  }

  /// Adds to it, in one step: with the lock held, or by the processor if it is raw.
  ///
  /// @param delta what to add; integers wrap around
  /// @return the value before
  /// @throws UnsupportedOperationException if there is no such operation: for `boolean` never, for
  ///     `byte`, `short` and `char` with a lock only
  public T getAndAdd(T delta) {
    T checked = type.require(delta);
    boolean entered = enterToWrite();
    try {
      return Atomics.getAndAdd(type, data, 0, checked, isRaw());
    } finally {
      leave(entered);
    }
  }

  /// Writes it if it is as expected, in one step: with the lock held, or by the processor if it is
  /// raw. Floating numbers are the same if their bits are.
  ///
  /// @param expected what it has to be
  /// @param value what it becomes then
  /// @return whether it was as expected
  /// @throws UnsupportedOperationException if it is raw, and not an `int`, `long`, `float` or `double`
  @Override
  public boolean compareAndSet(T expected, T value) {
    T from = type.require(expected);
    T to = type.require(value);
    boolean entered = enterToWrite();
    try {
      return Atomics.compareAndSet(type, data, 0, from, to, isRaw());
    } finally {
      leave(entered);
    }
  }

  /// The same memory, guarded by a lock.
  ///
  /// @param lock the lock; to be sendable, if the result is to be sent
  /// @return the value with its lock
  public SharedValue<T> synchronizedOn(Lock lock) {
    block.check();
    return new SharedValue<>(block, type, Guard.given(Require.notNull("lock", lock)), readOnly);
  }

  /// The same memory, without a lock.
  ///
  /// @return the raw value
  public SharedValue<T> raw() {
    block.check();
    return new SharedValue<>(block, type, Guard.NONE, readOnly);
  }

  /// The same memory and lock, to be read only; also where it is sent.
  ///
  /// @return the read-only value
  public SharedValue<T> asReadOnly() {
    block.check();
    return new SharedValue<>(block, type, guard, true);
  }

  /// Creates another value that is now the same: raw if this is, else with a lock of its own.
  ///
  /// @return the copy
  public SharedValue<T> copy() {
    return isRaw() ? raw(type, get()) : of(type, get());
  }

  /// Name and type: `SharedValue[value-1, int]`. Reads nothing.
  @Override
  public String toString() {
    return "SharedValue[" + block.state() + ", " + type + "]";
  }

  private static String newName() {
    return "value-" + MADE.incrementAndGet();
  }

  private static <T> SharedValue<T> zero(ElementType<T> type, boolean locked) {
    return locked ? of(type, type.zero) : raw(type, type.zero);
  }

  private static <T> SharedValue<T> allocate(
      ElementType<T> type, T initial, String name, Guard guard) {
    T checked = guard.goesWith(() -> type.require(initial));
    Block block = guard.goesWith(() -> Block.allocate(type.letter, type.size, name));
    Elements.setVolatile(type, block.data(), 0, checked);
    return new SharedValue<>(block, type, guard, false);
  }

  private Object writeReplace() {
    block.check();
    return new Form(block, guard, readOnly);
  }

  /// What is sent of a value.
  private record Form(Block block, Guard guard, boolean readOnly) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      ElementType<?> type = ElementType.ofLetter(block.content());
      return new SharedValue<>(block, type, guard, readOnly);
    }
  }
}
