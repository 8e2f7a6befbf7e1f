package io.procession.serial;

import io.procession.internal.check.Require;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A growable buffer of bytes, written at its end. Numbers are little-endian.
///
/// Not safe for use by several threads. A sink is meant to be reused: [#reset] forgets the bytes
/// and keeps the memory.
@SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
public final class ByteSink {
  /// The greatest length of a sink: what a Java array can hold.
  public static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private static final int INITIAL_CAPACITY = 64;
  private static final int RETAINED_CAPACITY = 1 << 20;

  private static final byte[] NO_TABLE = {};

  private byte[] bytes;
  private ByteBuffer view;
  private int end;
  private @Nullable List<Kept> kept;
  private @Nullable SinkArrays arrays;
  private int apart; // as the arrays say
  private boolean keepsArrays;
  private int most = MAX_LENGTH;
  private boolean wasOverfull;

  /// A handle among the bytes, and where they were when it came.
  private record Kept(Handle handle, int at) {}

  /// Creates an empty sink of small capacity.
  public ByteSink() {
    this(INITIAL_CAPACITY);
  }

  /// Creates an empty sink.
  ///
  /// @param capacity the number of bytes it takes without growing
  /// @throws IllegalArgumentException if the capacity is negative
  public ByteSink(int capacity) {
    bytes = new byte[Require.notNegative("capacity", capacity)];
    view = littleEndian(bytes);
  }

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The array that holds the bytes, from index 0 up to [#length]. It is the sink's own, not a
  /// copy, and is replaced when the sink grows. If the sink keeps arrays, they are copied into it now.
  ///
  /// @return the array
  public byte[] array() {
    if (apart != 0) {
      joinArrays();
    }
    return bytes;
  }

  /// The number of bytes written.
  ///
  /// @return the length
  public int length() {
    return end + apart;
  }

  /// A copy of the bytes written.
  ///
  /// @return an array of [#length] bytes
  public byte[] toByteArray() {
    if (apart == 0) {
      return Arrays.copyOf(bytes, end);
    }
    byte[] copy = new byte[length()];
    copyTo(MemorySegment.ofArray(copy), 0);
    return copy;
  }

  /// Copies the bytes written, and those of arrays that the sink keeps, once.
  ///
  /// @param target memory of any kind with room for [#length] bytes
  /// @param offset where the first of them goes
  /// @throws IndexOutOfBoundsException if there is no room
  public void copyTo(MemorySegment target, long offset) {
    if (apart == 0 || arrays == null) {
      MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, offset, end);
    } else {
      arrays.copyTo(target, offset, bytes, end);
    }
  }

  /// Lets this sink keep the long arrays of primitives that are written into it, instead of copying
  /// them: they are read when the sink's bytes are. Until then, or until [#reset], they must not change.
  /// For the library's own transports.
  ///
  /// @return this
  /// @hidden
  public ByteSink keepingArrays() {
    keepsArrays = true;
    return this;
  }

  /// Where the long arrays of primitives are among the bytes, kept or not: what
  /// [LargeArrays#takeFrom] needs to take them out. For the library's own transports.
  ///
  /// @return a table, empty if there are none
  /// @hidden
  public byte[] arrayTable() {
    return arrays == null || arrays.isEmpty() ? NO_TABLE : arrays.table();
  }

  /// Called with each long array of primitives, behind its length.
  ///
  /// @return true if it is kept; else it is to be written now
  boolean keep(int kind, Object array, long size) {
    if (!LargeArrays.isListed(kind) || (long) bytes.length + apart + size > most) {
      return false;
    }
    SinkArrays known = arrays;
    if (known == null) {
      known = new SinkArrays();
      arrays = known;
    }
    if (!known.hasRoom()) {
      return false;
    }
    known.add(kind, length(), (int) size, keepsArrays ? array : null);
    apart = known.apart();
    return keepsArrays;
  }

  private void joinArrays() {
    SinkArrays known = Objects.requireNonNull(arrays);
    byte[] joined = toByteArray();
    known.noteTogether();
    end = joined.length;
    apart = 0;
    bytes = joined;
    view = littleEndian(bytes);
  }

  /// Lets this sink refuse what would make it longer: a value that is too long is then not built up to
  /// find that out. For the library's own transports.
  ///
  /// @param bytes how long it may become, a little less or more; who needs it exactly looks at [#length]
  /// @return this
  /// @throws IllegalArgumentException if the number is not positive
  /// @hidden
  public ByteSink limitedTo(long bytes) {
    most = (int) Math.min(Require.positive("bytes", bytes), MAX_LENGTH);
    return this;
  }

  /// Whether something was refused since the last [#reset] since it was longer than
  /// [#limitedTo] says. For the library's own transports.
  ///
  /// @return whether
  /// @hidden
  public boolean wasOverfull() {
    return wasOverfull;
  }

  /// Lets this sink keep the handles that are written into it: whoever publishes the bytes calls
  /// [Handle#leave] of all [#handles] before, and nobody does if they are never published. Without
  /// this call a handle leaves as soon as it is written. For the library's own transports.
  ///
  /// @return this
  /// @hidden
  public ByteSink keepingHandles() {
    if (kept == null) {
      kept = new ArrayList<>();
    }
    return this;
  }

  /// The handles among the bytes, if this sink keeps them. For the library's own transports.
  ///
  /// @return a list that does not change
  /// @hidden
  public List<Handle> handles() {
    List<Kept> known = kept;
    if (known == null || known.isEmpty()) {
      return List.of();
    }
    Handle[] handles = new Handle[known.size()];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = known.get(i).handle;
    }
    return List.of(handles);
  }

  /// Called with each handle that is written here.
  void add(Handle handle) {
    if (kept == null) {
      handle.leave();
    } else {
      kept.add(new Kept(handle, length()));
    }
  }

  private void forgetHandles(int from) {
    List<Kept> known = kept;
    while (known != null && !known.isEmpty() && known.getLast().at >= from) {
      known.removeLast();
    }
  }

  /// Forgets all bytes. Memory is kept up to 1 MiB.
  public void reset() {
    end = 0;
    wasOverfull = false;
    forgetHandles(0);
    forgetArrays(0);
    if (bytes.length > RETAINED_CAPACITY) {
      bytes = new byte[INITIAL_CAPACITY];
      view = littleEndian(bytes);
    }
  }

  /// Forgets the bytes from `newLength` on.
  ///
  /// @param newLength the length to go back to
  /// @throws IndexOutOfBoundsException if it is negative or greater than [#length]
  public void truncate(int newLength) {
    Objects.checkFromToIndex(0, newLength, length());
    if (apart != 0 && arrays != null && arrays.isCutAt(newLength)) {
      joinArrays();
    }
    forgetArrays(newLength);
    end = newLength - apart;
    forgetHandles(newLength);
  }

  private void forgetArrays(int from) {
    SinkArrays known = arrays;
    if (known != null) {
      known.truncate(from);
      apart = known.apart();
    }
  }

  /// Makes room for `n` more bytes.
  ///
  /// @param n the number of bytes
  /// @throws IllegalArgumentException if it is negative
  /// @throws IllegalStateException if the sink would become longer than [#MAX_LENGTH]
  /// @throws NotSendableException if it would become longer than who sends it allows
  public void ensure(long n) {
    if (n < 0 || n > bytes.length - end) {
      grow(n);
    }
  }

  private void grow(long n) {
    Require.notNegative("size", n);
    long needed = end + n;
    if (needed + apart > most || needed < 0) {
      String refusal =
          "value too large for one message: needed=" + (needed + apart) + " bytes, limit=" + most;
      if (most == MAX_LENGTH) {
        throw new IllegalStateException(refusal);
      }
      wasOverfull = true;
      throw new NotSendableException(refusal);
    }
    long doubled = Math.min(2L * bytes.length, most);
    bytes = Arrays.copyOf(bytes, (int) Math.max(Math.max(needed, doubled), INITIAL_CAPACITY));
    view = littleEndian(bytes);
  }

  /// Lengthens the sink by `n` bytes of undefined content, for the caller to fill through
  /// [#array].
  ///
  /// @param n the number of bytes
  /// @return the index of the first of them
  /// @throws IllegalArgumentException if it is negative
  /// @throws IllegalStateException if the sink would become longer than [#MAX_LENGTH]
  /// @throws NotSendableException if it would become longer than who sends it allows
  public int extend(long n) {
    if (apart != 0) {
      joinArrays();
    }
    return reserve(n);
  }

  /// Lengthens the sink by `n` bytes, for the caller to fill through [#view].
  ///
  /// @return the index there of the first of them
  int reserve(long n) {
    ensure(n);
    int start = end;
    end = start + (int) n;
    return start;
  }

  /// The bytes that are not in kept arrays as a little-endian buffer; replaced when the sink grows.
  ByteBuffer view() {
    return view;
  }

  /// Appends the low byte of a value.
  ///
  /// @param value the value
  public void putByte(int value) {
    if (end == bytes.length) {
      grow(1);
    }
    bytes[end++] = (byte) value;
  }

  /// Appends the low two bytes of a value.
  ///
  /// @param value the value
  public void putShort(int value) {
    view(2).putShort(end, (short) value);
    end += Short.BYTES;
  }

  /// Appends four bytes.
  ///
  /// @param value the value
  public void putInt(int value) {
    view(4).putInt(end, value);
    end += Integer.BYTES;
  }

  /// Appends eight bytes.
  ///
  /// @param value the value
  public void putLong(long value) {
    view(8).putLong(end, value);
    end += Long.BYTES;
  }

  /// Appends the four bytes of a float; the bits of a NaN are kept.
  ///
  /// @param value the value
  public void putFloat(float value) {
    putInt(Float.floatToRawIntBits(value));
  }

  /// Appends the eight bytes of a double; the bits of a NaN are kept.
  ///
  /// @param value the value
  public void putDouble(double value) {
    putLong(Double.doubleToRawLongBits(value));
  }

  /// Appends one byte: 1 or 0.
  ///
  /// @param value the value
  public void putBoolean(boolean value) {
    putByte(value ? 1 : 0);
  }

  /// Appends an int in one to five bytes, seven bits each, the lowest first. Small non-negative
  /// numbers are short; negative ones take five bytes.
  ///
  /// @param value the value
  public void putVarInt(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      putByte(rest | 0x80);
      rest >>>= 7;
    }
    putByte(rest);
  }

  /// Appends a part of an array.
  ///
  /// @param source the array
  /// @param offset the index of the first byte
  /// @param count the number of bytes
  /// @throws IndexOutOfBoundsException if the array has no such part
  public void putBytes(byte[] source, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, source.length);
    System.arraycopy(source, offset, bytes(count), end, count);
    end += count;
  }

  /// Appends a whole array, without its length.
  ///
  /// @param source the array
  public void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  /// Appends a string: twice its length, plus one if it needs two bytes a character, as by
  /// [#putVarInt], then the characters.
  ///
  /// @param value the string
  @SuppressWarnings("deprecation") // the one method that writes Latin-1 with no array between
  public void putString(String value) {
    int count = value.length();
    int start = end;
    ensure(count + 5L);
    putVarInt(count << 1);
    value.getBytes(0, count, bytes, end);
    if (isLatin1(value, count)) {
      end += count;
    } else {
      end = start;
      putUtf16(value, count);
    }
  }

  /// Whether every character is less than 256. The low bytes of the characters lie behind the
  /// sink's end. Two strings of different inner form are unequal at once, of the same form compared
  /// by whole vectors: for a long string that is faster than a loop over its characters.
  private boolean isLatin1(String value, int count) {
    if (count > 32) {
      return new String(bytes, end, count, StandardCharsets.ISO_8859_1).equals(value);
    }
    int all = 0;
    for (int i = 0; i < count; i++) {
      all |= value.charAt(i);
    }
    return all < 256;
  }

  private void putUtf16(String value, int count) {
    putVarInt(count << 1 | 1);
    int at = extend((long) count * Character.BYTES);
    view.slice(at, count * Character.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asCharBuffer()
        .put(value.toCharArray());
  }

  /// Overwrites four bytes that were written before.
  ///
  /// @param position the index of the first of them
  /// @param value the value
  /// @throws IndexOutOfBoundsException if they are not within [#length]
  public void setInt(int position, int value) {
    int at = place(position);
    view.putInt(at, value);
  }

  /// Four bytes that were written before.
  ///
  /// @param position the index of the first of them
  /// @return the value
  /// @throws IndexOutOfBoundsException if they are not within [#length]
  public int getInt(int position) {
    int at = place(position);
    return view.getInt(at);
  }

  /// Where the four bytes at an index are.
  private int place(int position) {
    Objects.checkFromIndexSize(position, Integer.BYTES, length());
    SinkArrays known = arrays;
    if (apart == 0 || known == null) {
      return position;
    }
    int place = known.place(position);
    if (known.place(position + Integer.BYTES) - place != Integer.BYTES || known.isCutAt(position)) {
      joinArrays();
      return position;
    }
    return place;
  }

  private ByteBuffer view(int room) {
    ensure(room);
    return view;
  }

  private byte[] bytes(int room) {
    ensure(room);
    return bytes;
  }
}
