package io.procession.shared;

import io.procession.internal.check.Require;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// An array of a primitive type that processes share; longer than a Java array can be, if need be.
///
/// ```java
/// var squares = SharedArray.raw(ElementType.LONG, 1000);
/// try (var pool = Procession.pool(2)) {
///   pool.map(i -> squares.getAndAdd(i, (long) i * i), IntStream.range(0, 1000).boxed().toList());
/// }
/// System.out.println(squares.longs().sum()); // 332833500
/// ```
///
/// See [SharedObject] for locks, sending and closing. Elements of a raw array are read and written
/// plainly, in no order between processes, but never torn; [#getVolatile], [#setVolatile] and the atomic
/// operations are volatile. Elements not yet written are zero, and take no memory by the page.
///
/// @param <T> the type of the elements, boxed
public abstract sealed class SharedArray<T> extends SharedElements<T> implements Iterable<T>
    permits GuardedArray, RawArray {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient long from;

  SharedArray(
      Block block, ElementType<T> type, long from, long length, Guard guard, boolean readOnly) {
    super(block, type, from, length, guard, readOnly);
    this.from = from;
  }

  private static <T> SharedArray<T> of(
      Block block, ElementType<T> type, long from, long length, Guard guard, boolean readOnly) {
    return guard.isNone()
        ? new RawArray<>(block, type, from, length, readOnly)
        : new GuardedArray<>(block, type, from, length, guard, readOnly);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param <T> the type, boxed
  /// @param type the type of the elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static <T> SharedArray<T> create(ElementType<T> type, long length) {
    String name = newName();
    return allocate(type, length, name, Guard.own(name));
  }

  /// Creates an array with a given lock.
  ///
  /// @param <T> the type, boxed
  /// @param type the type of the elements
  /// @param length how many
  /// @param lock guards it; to be sendable, if the array is to be sent
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static <T> SharedArray<T> create(ElementType<T> type, long length, Lock lock) {
    return allocate(type, length, newName(), Guard.given(Require.notNull("lock", lock)));
  }

  /// Creates an array without a lock.
  ///
  /// @param <T> the type, boxed
  /// @param type the type of the elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static <T> SharedArray<T> raw(ElementType<T> type, long length) {
    return allocate(type, length, newName(), Guard.NONE);
  }

  /// Creates an array with a lock of its own, by one of Python's type codes.
  ///
  /// @param code the type code of the elements, see [ElementType#ofCode]
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if there is no such code, or the length is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static SharedArray<?> ofCode(char code, long length) {
    return create(ElementType.ofCode(code), length);
  }

  /// Creates an array without a lock, by one of Python's type codes.
  ///
  /// @param code the type code of the elements, see [ElementType#ofCode]
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if there is no such code, or the length is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static SharedArray<?> rawOfCode(char code, long length) {
    return raw(ElementType.ofCode(code), length);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param <T> the type, boxed
  /// @param type the type of the elements
  /// @param elements its first contents, a Java array of that primitive type
  /// @return the array
  /// @throws IllegalArgumentException if there are none, or of another type
  public static <T> SharedArray<T> of(ElementType<T> type, Object elements) {
    Bulk.check(type, 0, 0, elements, 0, 0);
    int length = Array.getLength(elements);
    return filled(create(type, length), elements, length);
  }

  /// Creates a `char` array with a lock of its own, just long enough for a text.
  ///
  /// @param text its first contents
  /// @return the array
  /// @throws IllegalArgumentException if the text is empty
  public static SharedArray<Character> of(String text) {
    return of(text.toCharArray());
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param elements its first contents
  /// @return the array
  /// @throws IllegalArgumentException if there are none
  public static SharedArray<Byte> of(byte... elements) {
    return filled(create(ElementType.BYTE, elements.length), elements, elements.length);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param elements its first contents
  /// @return the array
  /// @throws IllegalArgumentException if there are none
  public static SharedArray<Character> of(char... elements) {
    return filled(create(ElementType.CHAR, elements.length), elements, elements.length);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param elements its first contents
  /// @return the array
  /// @throws IllegalArgumentException if there are none
  public static SharedArray<Integer> of(int... elements) {
    return filled(create(ElementType.INT, elements.length), elements, elements.length);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param elements its first contents
  /// @return the array
  /// @throws IllegalArgumentException if there are none
  public static SharedArray<Long> of(long... elements) {
    return filled(create(ElementType.LONG, elements.length), elements, elements.length);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param elements its first contents
  /// @return the array
  /// @throws IllegalArgumentException if there are none
  public static SharedArray<Double> of(double... elements) {
    return filled(create(ElementType.DOUBLE, elements.length), elements, elements.length);
  }

  /// Writes a value to all elements.
  ///
  /// @param value the value
  public void fill(T value) {
    T checked = type.require(value);
    boolean entered = enterToWrite();
    try {
      Bulk.fill(type, data, length, checked);
    } finally {
      leave(entered);
    }
  }

  /// Copies elements to a Java array.
  ///
  /// @param index the first to be copied
  /// @param target a Java array of the elements' primitive type
  /// @param start where in the target to begin
  /// @param count how many
  /// @throws IndexOutOfBoundsException if there are not so many here or there; nothing is copied
  /// @throws IllegalArgumentException if the target is something else
  public void copyTo(long index, Object target, int start, int count) {
    Bulk.check(type, length, index, target, start, count);
    boolean entered = enter();
    try {
      Bulk.read(type, data, index, target, start, count);
    } finally {
      leave(entered);
    }
  }

  /// Copies elements from a Java array.
  ///
  /// @param index the first to be overwritten
  /// @param source a Java array of the elements' primitive type
  /// @param start where in the source to begin
  /// @param count how many
  /// @throws IndexOutOfBoundsException if there are not so many here or there; nothing is copied
  /// @throws IllegalArgumentException if the source is something else
  public void copyFrom(long index, Object source, int start, int count) {
    Bulk.check(type, length, index, source, start, count);
    boolean entered = enterToWrite();
    try {
      Bulk.write(type, data, index, source, start, count);
    } finally {
      leave(entered);
    }
  }

  /// Copies the elements out.
  ///
  /// @param <A> the type of the Java array
  /// @param arrayType its class, such as `int[].class`
  /// @return a new Java array of all elements
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public <A> A toArray(Class<A> arrayType) {
    if (arrayType.componentType() != type().carrier()) {
      throw new IllegalArgumentException(
          "the elements are of another type: arrayType="
              + arrayType.getTypeName()
              + ", array="
              + this
              + "; take an array of their type");
    }
    int count = room(type());
    A target = arrayType.cast(Array.newInstance(type().carrier(), count));
    copyTo(0, target, 0, count);
    return target;
  }

  /// The elements, each read when the stream comes to it.
  ///
  /// @return a stream
  public Stream<T> stream() {
    return LongStream.range(0, length).mapToObj(this::get);
  }

  /// The elements of a `byte`, `short`, `char` or `int` array, each read when the stream comes to it.
  ///
  /// @return a stream
  /// @throws IllegalArgumentException if the elements are of another type
  public IntStream ints() {
    LongStream indexes = LongStream.range(0, length);
    return switch (type.letter) {
      case 'B' -> indexes.mapToInt(this::getByte);
      case 'S' -> indexes.mapToInt(this::getShort);
      case 'C' -> indexes.mapToInt(this::getChar);
      default -> {
        require(ElementType.INT);
        yield indexes.mapToInt(this::getInt);
      }
    };
  }

  /// The elements of a `long` array, each read when the stream comes to it.
  ///
  /// @return a stream
  /// @throws IllegalArgumentException if the elements are of another type
  public LongStream longs() {
    require(ElementType.LONG);
    return LongStream.range(0, length).map(this::getLong);
  }

  /// The elements of a `float` or `double` array, each read when the stream comes to it.
  ///
  /// @return a stream
  /// @throws IllegalArgumentException if the elements are of another type
  public DoubleStream doubles() {
    LongStream indexes = LongStream.range(0, length);
    if (type.letter == 'F') {
      return indexes.mapToDouble(this::getFloat);
    }
    require(ElementType.DOUBLE);
    return indexes.mapToDouble(this::getDouble);
  }

  /// The elements from the first to the last, each read when asked for.
  @Override
  public Iterator<T> iterator() {
    return new Each();
  }

  /// Reads a `char` array as text: up to the first NUL, or all of it.
  ///
  /// @return the text
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public String text() {
    require(ElementType.CHAR);
    String all = new String(toArray(char[].class));
    int end = all.indexOf('\0');
    return end < 0 ? all : all.substring(0, end);
  }

  /// Writes a text to the beginning of a `char` array, with a NUL behind it if there is room; what
  /// follows stays.
  ///
  /// @param text the text
  /// @throws IllegalArgumentException if it is longer than the array; nothing is written
  /// @throws IllegalArgumentException if the elements are of another type
  public void setText(String text) {
    require(ElementType.CHAR);
    if (text.length() > length) {
      throw new IllegalArgumentException(
          "the text is longer than the array: text="
              + text.length()
              + ", length="
              + length
              + "; make the array as long as the longest text");
    }
    String whole = text.length() < length ? text + '\0' : text;
    copyFrom(0, whole.toCharArray(), 0, whole.length());
  }

  /// The array as a list of a fixed length: a view, so what is set in one shows in the other. Each `get`
  /// and `set` is an access of its own, with the lock if there is one; in a raw array somebody may come between
  /// what `set` returns and what it writes. The list is sent to other processes as the array is.
  ///
  /// @return the list
  /// @throws IllegalStateException if the elements are too many for a list: use a slice
  public List<T> asList() {
    if (length > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "a list has at most 2,147,483,647 elements: length=" + length + "; use a slice");
    }
    return new ElementList<>(this);
  }

  /// All bytes as a buffer in the machine's byte order, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalStateException if they are too many for a buffer, 2 GiB: use a slice
  public ByteBuffer buffer() {
    if (data.byteSize() > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "a buffer has at most 2 GiB: size=" + data.byteSize() + "; use a slice");
    }
    return segment().asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// The elements of a `short` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public ShortBuffer shortBuffer() {
    room(ElementType.SHORT);
    return buffer().asShortBuffer();
  }

  /// The elements of a `char` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public CharBuffer charBuffer() {
    room(ElementType.CHAR);
    return buffer().asCharBuffer();
  }

  /// The elements of an `int` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public IntBuffer intBuffer() {
    room(ElementType.INT);
    return buffer().asIntBuffer();
  }

  /// The elements of a `long` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public LongBuffer longBuffer() {
    room(ElementType.LONG);
    return buffer().asLongBuffer();
  }

  /// The elements of a `float` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public FloatBuffer floatBuffer() {
    room(ElementType.FLOAT);
    return buffer().asFloatBuffer();
  }

  /// The elements of a `double` array as a buffer, without the lock.
  ///
  /// @return a view, as [#segment] is
  /// @throws IllegalArgumentException if the elements are of another type
  /// @throws IllegalStateException if they are too many
  public DoubleBuffer doubleBuffer() {
    room(ElementType.DOUBLE);
    return buffer().asDoubleBuffer();
  }

  /// A part of the array: the same memory and lock.
  ///
  /// @param index its first element
  /// @param count how many
  /// @return the part
  /// @throws IndexOutOfBoundsException if there are not so many
  /// @throws IllegalArgumentException if there is none
  public SharedArray<T> slice(long index, long count) {
    block.check();
    Objects.checkFromIndexSize(index, count, length);
    Require.positive("count", count);
    return of(block, type, from + index, count, guard, readOnly);
  }

  /// The same memory, guarded by a lock.
  ///
  /// @param lock the lock; to be sendable, if the result is to be sent
  /// @return the array with its lock
  public SharedArray<T> synchronizedOn(Lock lock) {
    return with(Guard.given(Require.notNull("lock", lock)), readOnly);
  }

  /// The same memory, without a lock.
  ///
  /// @return the raw array
  public SharedArray<T> raw() {
    return with(Guard.NONE, readOnly);
  }

  /// The same memory and lock, to be read only; also where it is sent.
  ///
  /// @return the read-only array
  public SharedArray<T> asReadOnly() {
    return with(guard, true);
  }

  /// Creates another array of what is in this one now: raw if this is, else with a lock of its own.
  ///
  /// @return the copy
  public SharedArray<T> copy() {
    SharedArray<T> copy = isRaw() ? raw(type, length) : create(type, length);
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

  /// Name and type: `SharedArray[array-1, int[1000]]`. Reads nothing.
  @Override
  public String toString() {
    return "SharedArray[" + block.state() + ", " + type + "[" + length + "]]";
  }

  private SharedArray<T> with(Guard other, boolean read) {
    block.check();
    return of(block, type, from, length, other, read);
  }

  private static String newName() {
    return "array-" + MADE.incrementAndGet();
  }

  private static <T> SharedArray<T> allocate(
      ElementType<T> type, long length, String name, Guard guard) {
    Block block =
        guard.goesWith(() -> {
          Require.between("length", length, 1, Long.MAX_VALUE / type.size);
          return Block.allocate(type.letter, length * type.size, name);
        });
    return of(block, type, 0, length, guard, false);
  }

  private static <T> SharedArray<T> filled(SharedArray<T> array, Object source, int count) {
    array.copyFrom(0, source, 0, count);
    return array;
  }

  Object writeReplace() { // not private: those who extend this class are sent by it, too
    block.check();
    return new Form(block, from, length, guard, readOnly);
  }

  /// What is sent of an array.
  private record Form(Block block, long from, long length, Guard guard, boolean readOnly)
      implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      ElementType<?> type = ElementType.ofLetter(block.content());
      Objects.checkFromIndexSize(from, length, block.data().byteSize() / type.size);
      return of(block, type, from, length, guard, readOnly);
    }
  }

  private final class Each implements Iterator<T> {
    private long next;

    @Override
    public boolean hasNext() {
      return next < length;
    }

    @Override
    public T next() {
      if (next >= length) {
        throw new NoSuchElementException();
      }
      return get(next++);
    }
  }
}
