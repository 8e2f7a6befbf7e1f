package io.procession.serial;

import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A reader over a part of a byte array, and over the long arrays that were taken out of it. Numbers are
/// little-endian, as [ByteSink] writes them.
///
/// Every read is checked against the end before anything is allocated; what does not fit is a
/// [StreamCorruptedException] that names the offset. Not safe for use by several threads.
@SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
public final class ByteSource {
  private static final int MOST_OF_VAR_INT = 5;

  private byte[] bytes;
  private ByteBuffer view;
  private int start;
  private int position;

  /// Of what can be read at once: the first byte behind the next array's place, or behind all.
  private int end;

  private int last;
  private @Nullable LargeArrays arrays;
  private int next; // of the arrays
  private int passed; // bytes of arrays

  /// Creates a source over a whole array.
  ///
  /// @param bytes the bytes, not copied
  public ByteSource(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /// Creates a source over a part of an array.
  ///
  /// @param bytes the bytes, not copied
  /// @param offset the index of the first byte
  /// @param count the number of bytes
  /// @throws IndexOutOfBoundsException if the array has no such part
  public ByteSource(byte[] bytes, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    this.bytes = bytes;
    this.view = ByteSink.littleEndian(bytes);
    this.start = offset;
    this.position = offset;
    this.last = offset + count;
    this.end = last;
  }

  /// Creates a source over what is left of a message without its long arrays, and over these. For the
  /// library's own transports.
  ///
  /// @param bytes the bytes, not copied
  /// @param offset the index of the first byte that is read; no array is before it
  /// @param arrays the arrays, of which each is given away once; null for none
  /// @throws IndexOutOfBoundsException if the offset is not within the bytes
  /// @hidden
  public ByteSource(byte[] bytes, int offset, @Nullable LargeArrays arrays) {
    this(bytes, offset, bytes.length - offset);
    if (arrays != null && !arrays.isEmpty()) {
      this.arrays = arrays;
      this.end = arrays.get(0).at();
    }
  }

  /// Starts over with a part of another array, or of the same one.
  ///
  /// @param newBytes the bytes, not copied
  /// @param offset the index of the first byte
  /// @param count the number of bytes
  /// @throws IndexOutOfBoundsException if the array has no such part
  @SuppressWarnings("ReferenceEquality") // the view belongs to the array, not to its content
  public void reset(byte[] newBytes, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, newBytes.length);
    if (newBytes != bytes) {
      bytes = newBytes;
      view = ByteSink.littleEndian(newBytes);
    }
    start = offset;
    position = offset;
    last = offset + count;
    end = last;
    arrays = null;
    next = 0;
    passed = 0;
  }

  /// The number of bytes read so far.
  ///
  /// @return the position, from 0
  public int position() {
    return position - start + passed;
  }

  /// The number of bytes left.
  ///
  /// @return the number
  public int remaining() {
    return last - position + ahead();
  }

  private int ahead() {
    return arrays == null ? 0 : arrays.bytes() - passed;
  }

  /// Passes over an array of primitives with its length, if it was taken out.
  ///
  /// @param kind its tag
  /// @return null if it is among the bytes
  @Nullable Object takeArray(int kind) {
    LargeArrays known = arrays;
    if (known == null || next == known.count()) {
      return null;
    }
    LargeArrays.Taken array = known.get(next);
    if (array.kind() != kind || !isLength(array.size() / LargeArrays.unit(kind))) {
      return null;
    }
    Object content = known.give(next++);
    position = end;
    passed += array.size();
    end = next == known.count() ? last : known.get(next).at();
    return content;
  }

  /// Whether what is read next is an array's length, and then comes its place.
  private boolean isLength(int length) {
    int value = 0;
    for (int i = 0; i < Math.min(MOST_OF_VAR_INT, end - position); i++) {
      byte each = bytes[position + i];
      value |= (each & 0x7F) << (7 * i);
      if (each >= 0) {
        return value == length && position + i + 1 == end;
      }
    }
    return false;
  }

  /// Puts the arrays that have not been read back among the bytes: somebody reads them otherwise.
  private void joinArrays(LargeArrays known) {
    byte[] joined = new byte[Math.addExact(last, ahead())];
    MemorySegment from = MemorySegment.ofArray(bytes);
    MemorySegment to = MemorySegment.ofArray(joined);
    int at = 0;
    int added = 0;
    for (int i = next; i < known.count(); i++) {
      LargeArrays.Taken array = known.get(i);
      MemorySegment.copy(from, at, to, at + added, array.at() - at);
      at = array.at();
      MemorySegment content = LargeArrays.segment(array.kind(), known.give(i));
      MemorySegment.copy(content, 0, to, at + added, array.size());
      added += array.size();
    }
    MemorySegment.copy(from, at, to, at + added, last - at);
    bytes = joined;
    view = ByteSink.littleEndian(joined);
    last = joined.length;
    end = last;
    start -= passed;
    passed = 0;
    arrays = null;
  }

  /// The array behind this source.
  byte[] array() {
    return bytes;
  }

  /// The array as a little-endian buffer.
  ByteBuffer view() {
    return view;
  }

  /// Passes over `n` bytes.
  ///
  /// @param n the number of bytes
  /// @return the index in the array of the first of them
  /// @throws StreamCorruptedException if fewer are left, or the number is negative
  int take(long n) throws StreamCorruptedException {
    int at = position;
    if (n < 0 || n > end - at) {
      prepare(n);
    }
    position = at + (int) n;
    return at;
  }

  /// Called if so many bytes cannot be read at once.
  private void prepare(long n) throws StreamCorruptedException {
    LargeArrays known = arrays;
    if (known == null || n < 0 || n > remaining()) {
      throw tooShort(n);
    }
    joinArrays(known);
  }

  private StreamCorruptedException tooShort(long n) {
    return corrupt(
        n < 0
            ? "negative size: size=" + n
            : "too few bytes: needed=" + n + ", left=" + remaining());
  }

  StreamCorruptedException corrupt(String what) {
    return new StreamCorruptedException(what + " at offset=" + position());
  }

  /// Passes over `n` bytes.
  ///
  /// @param n the number of bytes
  /// @throws StreamCorruptedException if fewer are left, or the number is negative
  public void skip(int n) throws StreamCorruptedException {
    take(n);
  }

  /// Reads a byte.
  ///
  /// @return the byte, sign-extended
  /// @throws StreamCorruptedException if none is left
  public byte getByte() throws StreamCorruptedException {
    int at = take(1);
    return bytes[at];
  }

  /// Reads two bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public short getShort() throws StreamCorruptedException {
    int at = take(Short.BYTES);
    return view.getShort(at);
  }

  /// Reads four bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public int getInt() throws StreamCorruptedException {
    int at = take(Integer.BYTES);
    return view.getInt(at);
  }

  /// Reads eight bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public long getLong() throws StreamCorruptedException {
    int at = take(Long.BYTES);
    return view.getLong(at);
  }

  /// Reads a float.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer than four bytes are left
  public float getFloat() throws StreamCorruptedException {
    return Float.intBitsToFloat(getInt());
  }

  /// Reads a double.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer than eight bytes are left
  public double getDouble() throws StreamCorruptedException {
    return Double.longBitsToDouble(getLong());
  }

  /// Reads a byte that is 0 or 1.
  ///
  /// @return whether it is 1
  /// @throws StreamCorruptedException if none is left, or it is neither
  public boolean getBoolean() throws StreamCorruptedException {
    byte value = getByte();
    if ((value & ~1) != 0) {
      throw corrupt("neither true nor false: byte=" + value);
    }
    return value != 0;
  }

  /// Reads an int of one to five bytes, as [ByteSink#putVarInt] writes it.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if it does not end in time
  public int getVarInt() throws StreamCorruptedException {
    byte first = getByte();
    if (first >= 0) {
      return first;
    }
    int value = first & 0x7F;
    for (int shift = 7; shift < 35; shift += 7) {
      byte next = getByte();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw corrupt("number of more than five bytes");
  }

  /// Reads a number of things that take at least `unit` bytes each, and checks that so many are
  /// left.
  int getCount(int unit) throws StreamCorruptedException {
    int count = getVarInt();
    if (count < 0 || (long) count * unit > remaining()) {
      throw corrupt("impossible count: count=" + Integer.toUnsignedString(count));
    }
    return count;
  }

  /// Reads bytes into a part of an array.
  ///
  /// @param target the array
  /// @param offset the index of the first byte
  /// @param count the number of bytes
  /// @throws IndexOutOfBoundsException if the array has no such part
  /// @throws StreamCorruptedException if fewer are left
  public void getBytes(byte[] target, int offset, int count) throws StreamCorruptedException {
    Objects.checkFromIndexSize(offset, count, target.length);
    int at = take(count);
    System.arraycopy(bytes, at, target, offset, count);
  }

  /// Reads bytes.
  ///
  /// @param count the number of bytes
  /// @return a new array
  /// @throws StreamCorruptedException if fewer are left, or the number is negative
  public byte[] getBytes(int count) throws StreamCorruptedException {
    int at = take(count);
    return Arrays.copyOfRange(bytes, at, at + count);
  }

  /// Reads a string, as [ByteSink#putString] writes it.
  ///
  /// @return the string
  /// @throws StreamCorruptedException if the bytes are no string
  public String getString() throws StreamCorruptedException {
    int head = getVarInt();
    int count = head >>> 1;
    if ((head & 1) == 0) {
      int at = take(count);
      return new String(bytes, at, count, StandardCharsets.ISO_8859_1);
    }
    if (count > remaining() / Character.BYTES) {
      throw corrupt("impossible length of a string: length=" + count);
    }
    char[] chars = new char[count];
    int size = count * Character.BYTES;
    int at = take(size);
    view.slice(at, size).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(chars);
    return new String(chars);
  }
}
