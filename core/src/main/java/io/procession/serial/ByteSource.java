package io.procession.serial;

import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// A reader over a part of a byte array. Numbers are little-endian, as [ByteSink] writes them.
///
/// Every read is checked against the end before anything is allocated; what does not fit is a
/// [StreamCorruptedException] that names the offset. Not safe for use by several threads.
public final class ByteSource {
  private byte[] bytes;
  private ByteBuffer view;
  private int start;
  private int position;
  private int end;

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
    this.end = offset + count;
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
    end = offset + count;
  }

  /// The number of bytes read so far.
  ///
  /// @return the position, from 0
  public int position() {
    return position - start;
  }

  /// The number of bytes left.
  ///
  /// @return the number
  public int remaining() {
    return end - position;
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
      throw tooShort(n);
    }
    position = at + (int) n;
    return at;
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
    return bytes[take(1)];
  }

  /// Reads two bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public short getShort() throws StreamCorruptedException {
    return view.getShort(take(Short.BYTES));
  }

  /// Reads four bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public int getInt() throws StreamCorruptedException {
    return view.getInt(take(Integer.BYTES));
  }

  /// Reads eight bytes.
  ///
  /// @return the value
  /// @throws StreamCorruptedException if fewer are left
  public long getLong() throws StreamCorruptedException {
    return view.getLong(take(Long.BYTES));
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
    System.arraycopy(bytes, take(count), target, offset, count);
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
      return new String(bytes, take(count), count, StandardCharsets.ISO_8859_1);
    }
    if (count > remaining() / Character.BYTES) {
      throw corrupt("impossible length of a string: length=" + count);
    }
    char[] chars = new char[count];
    int size = count * Character.BYTES;
    view.slice(take(size), size).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(chars);
    return new String(chars);
  }
}
