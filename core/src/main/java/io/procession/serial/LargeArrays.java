package io.procession.serial;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The long arrays of primitives of a message that was taken: each was copied from the sender's memory
/// straight into a new array, and the message's bytes are those between them. A [ByteSource] over these
/// bytes puts the arrays where they belong.
///
/// A message is the same bytes whether its arrays are taken apart or not. A table that lies beside it
/// says where they are, in rising order ([ByteSink#arrayTable]):
///
/// ```
/// 12 * i   0   at      int   the array's first byte in the message
///          4   bytes   int   how many they are
///          8   kind    int   the tag of an array of its type
/// ```
///
/// Not safe for use by several threads. Public for the library's own transports.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
public final class LargeArrays {
  /// Shorter ones are bytes as others are.
  static final int LEAST_BYTES = 16 << 10;

  /// So many of a message at most are in its table.
  static final int MOST = 64;

  static final int ENTRY_BYTES = 12;

  private static final int BYTES_AT = 4;
  private static final int KIND_AT = 8;

  private static final boolean IS_LITTLE_ENDIAN =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final List<Taken> taken = new ArrayList<>(0);
  private int bytes;

  /// An array of a message.
  ///
  /// @param at where it would be among the bytes that are left
  /// @param size how many bytes it has
  /// @param array null once it is given away
  record Taken(int kind, int at, int size, @Nullable Object array) {}

  /// Creates one without arrays.
  public LargeArrays() {}

  /// Whether the message had no long arrays.
  ///
  /// @return true if there are none here
  public boolean isEmpty() {
    return taken.isEmpty();
  }

  /// How many bytes of the message are in the arrays.
  ///
  /// @return the number of bytes
  public int bytes() {
    return bytes;
  }

  /// Copies a message: its long arrays into new ones, which are here from now on, instead of those that
  /// were here before.
  ///
  /// @param message the message, in memory of any kind
  /// @param table where its arrays are
  /// @return the bytes between the arrays
  /// @throws IllegalArgumentException if the table is not one of this message
  public byte[] takeFrom(MemorySegment message, byte[] table) {
    clear();
    ByteBuffer entries = ByteSink.littleEndian(table);
    int left = check(entries, message.byteSize());
    byte[] rest = new byte[left];
    MemorySegment between = MemorySegment.ofArray(rest);
    int from = 0;
    for (int i = 0; i < table.length; i += ENTRY_BYTES) {
      int at = entries.getInt(i);
      int size = entries.getInt(i + BYTES_AT);
      int kind = entries.getInt(i + KIND_AT);
      Object array = allocate(kind, size / unit(kind));
      MemorySegment.copy(message, at, segment(kind, array), 0, size);
      MemorySegment.copy(message, from, between, from - bytes, at - from);
      taken.add(new Taken(kind, at - bytes, size, array));
      bytes += size;
      from = at + size;
    }
    MemorySegment.copy(message, from, between, from - bytes, message.byteSize() - from);
    return rest;
  }

  /// @return how many bytes are in none of the arrays
  private static int check(ByteBuffer entries, long length) {
    int end = entries.capacity();
    int behind = 0;
    int left = (int) length;
    for (int i = 0; i < end; i += ENTRY_BYTES) {
      if (end - i < ENTRY_BYTES) {
        throw new IllegalArgumentException("cut table of arrays: bytes=" + end);
      }
      int at = entries.getInt(i);
      int size = entries.getInt(i + BYTES_AT);
      int kind = entries.getInt(i + KIND_AT);
      if (at < behind
          || size < 0
          || size > length - at
          || !isListed(kind)
          || size % unit(kind) != 0) {
        throw new IllegalArgumentException(
            "no array of this message: at="
                + at
                + ", bytes="
                + size
                + ", kind="
                + kind
                + ", length="
                + length);
      }
      behind = at + size;
      left -= size;
    }
    return left;
  }

  /// Forgets all arrays.
  public void clear() {
    taken.clear();
    bytes = 0;
  }

  int count() {
    return taken.size();
  }

  Taken get(int index) {
    return taken.get(index);
  }

  /// An array, which is here no more: it is its reader's.
  ///
  /// @throws IllegalStateException if it was given away before
  Object give(int index) {
    Taken given = taken.get(index);
    Object array = given.array;
    if (array == null) {
      throw new IllegalStateException("a message with large arrays is read once: index=" + index);
    }
    taken.set(index, new Taken(given.kind, given.at, given.size, null));
    return array;
  }

  /// Writes where an array is.
  static void enter(ByteBuffer table, int kind, int at, int size) {
    table.putInt(at).putInt(size).putInt(kind);
  }

  /// Whether arrays of this kind are copied as they lie in memory, all at once.
  static boolean isListed(int kind) {
    return kind == Tag.BYTES || (IS_LITTLE_ENDIAN && kind > Tag.BYTES && kind <= Tag.DOUBLES);
  }

  static int unit(int kind) {
    return switch (kind) {
      case Tag.BYTES, Tag.BOOLEANS -> Byte.BYTES;
      case Tag.SHORTS, Tag.CHARS -> Short.BYTES;
      case Tag.INTS, Tag.FLOATS -> Integer.BYTES;
      default -> Long.BYTES;
    };
  }

  private static Object allocate(int kind, int length) {
    return switch (kind) {
      case Tag.BYTES -> new byte[length];
      case Tag.SHORTS -> new short[length];
      case Tag.CHARS -> new char[length];
      case Tag.INTS -> new int[length];
      case Tag.LONGS -> new long[length];
      case Tag.FLOATS -> new float[length];
      default -> new double[length];
    };
  }

  static MemorySegment segment(int kind, Object array) {
    return switch (kind) {
      case Tag.BYTES -> MemorySegment.ofArray((byte[]) array);
      case Tag.SHORTS -> MemorySegment.ofArray((short[]) array);
      case Tag.CHARS -> MemorySegment.ofArray((char[]) array);
      case Tag.INTS -> MemorySegment.ofArray((int[]) array);
      case Tag.LONGS -> MemorySegment.ofArray((long[]) array);
      case Tag.FLOATS -> MemorySegment.ofArray((float[]) array);
      default -> MemorySegment.ofArray((double[]) array);
    };
  }
}
