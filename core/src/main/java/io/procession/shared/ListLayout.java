package io.procession.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of a [ShareableList], as CPython lays them out. Little-endian.
///
/// ```
/// 0                    length n    long
/// 8                    offsets     n + 1 longs: where each element begins, and the last one ends
/// 8 * (n + 2)          elements    at their offsets, each a multiple of 8 bytes
/// then                 formats     n of 8 bytes: a format of Python's `struct`, NULs behind it
/// then                 codes       n bytes: 0 number, 1 string, 2 bytes, 3 None
///
/// q          whole number, 8 bytes           xxxxxxx?   truth value, in the last of 8 bytes
/// d          floating number, 8 bytes        xxxxxx?x   None
/// 16s        16 bytes: a string in UTF-8, or bytes, with NULs behind
/// ```
///
/// Length and offsets never change: they are read and checked once. Formats and codes are read
/// once for each access, and checked.
///
/// @param offsets where each element begins, and the last one ends
record ListLayout(List<Long> offsets) {
  private static final long WORD = 8;
  private static final String INTEGER = "q";
  private static final String FLOATING = "d";
  private static final String TRUTH = "xxxxxxx?";
  private static final String NONE = "xxxxxx?x";
  private static final byte PLAIN = 0;
  private static final byte STRING = 1;
  private static final byte BYTES = 2;
  private static final byte NULL = 3;
  private static final int MOST_BYTES = 9_999_999; // its format has 8 characters at most

  /// The elements as they are stored: whole numbers as `Long`, floating ones as `Double`.
  static List<@Nullable Object> values(Collection<? extends @Nullable Object> elements) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Object element : elements) {
      values.add(value(element));
    }
    return values;
  }

  static @Nullable Object value(@Nullable Object element) {
    return switch (element) {
      case null -> null;
      case Long _, Double _, Boolean _, String _ -> element;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> number.doubleValue();
      case byte[] bytes -> bytes;
      default ->
          throw new IllegalArgumentException(
              "a list shares whole and floating numbers, booleans, strings, bytes and null:"
                  + " element="
                  + element
                  + " ("
                  + element.getClass().getName()
                  + "); a manager's list takes others");
    };
  }

  /// Whether a list could have such an element.
  static boolean isElement(@Nullable Object element) {
    return switch (element) {
      case null -> true;
      case Long _, Integer _, Short _, Byte _, Double _, Float _ -> true;
      case Boolean _, String _, byte[] _ -> true;
      default -> false;
    };
  }

  /// The layout of a list of these values.
  static ListLayout of(List<@Nullable Object> values) {
    List<Long> offsets = new ArrayList<>();
    long offset = 0;
    offsets.add(offset);
    for (Object value : values) {
      byte[] bytes = bytes(value);
      offset += bytes == null ? WORD : WORD * (bytes.length / WORD + 1);
      offsets.add(offset);
      if (bytes != null && bytes.length > MOST_BYTES - WORD) {
        throw new IllegalArgumentException(
            "a string or bytes in a list has at most 9999991 bytes: bytes="
                + bytes.length
                + "; share more as a SharedMemory");
      }
    }
    return new ListLayout(offsets);
  }

  /// The layout of a list that is there.
  static ListLayout read(MemorySegment memory) {
    long size = memory.byteSize();
    long length = size < 2 * WORD ? -1 : memory.get(ValueLayout.JAVA_LONG, 0);
    if (length < 0 || length > (size - 2 * WORD) / (2 * WORD + 1)) {
      throw noList("length=" + length);
    }
    List<Long> offsets = new ArrayList<>();
    long last = 0;
    for (long i = 0; i <= length; i++) {
      long offset = memory.get(ValueLayout.JAVA_LONG, WORD + i * WORD);
      if (i == 0 ? offset != 0 : offset < last + WORD || offset % WORD != 0 || offset > size) {
        throw noList("offset=" + offset);
      }
      offsets.add(offset);
      last = offset;
    }
    ListLayout layout = new ListLayout(offsets);
    if (layout.size() > size) {
      throw noList("size=" + size + ", expected=" + layout.size());
    }
    return layout;
  }

  int length() {
    return offsets.size() - 1;
  }

  /// Bytes of the whole.
  long size() {
    return codesAt() + length();
  }

  void write(MemorySegment memory, List<@Nullable Object> values) {
    memory.set(ValueLayout.JAVA_LONG, 0, length());
    for (int i = 0; i <= length(); i++) {
      memory.set(ValueLayout.JAVA_LONG, WORD + i * WORD, offsets.get(i));
    }
    for (int i = 0; i < length(); i++) {
      set(memory, i, values.get(i));
    }
  }

  void checkRoom(int index, @Nullable Object value) {
    byte[] bytes = bytes(value);
    if (bytes != null && bytes.length > room(index)) {
      throw new IllegalArgumentException(
          "the element exceeds the room it has: index="
              + index
              + ", bytes="
              + bytes.length
              + ", room="
              + room(index)
              + "; make the list with the longest first");
    }
  }

  /// Writes an element for which there is room.
  void set(MemorySegment memory, int index, @Nullable Object value) {
    long at = dataAt(index);
    byte[] bytes = bytes(value);
    if (bytes != null) {
      setFormat(memory, index, room(index) + "s", value instanceof String ? STRING : BYTES);
      MemorySegment room = memory.asSlice(at, room(index));
      room.asSlice(bytes.length).fill((byte) 0);
      MemorySegment.copy(bytes, 0, room, ValueLayout.JAVA_BYTE, 0, bytes.length);
    } else if (value instanceof Long number) {
      setFormat(memory, index, INTEGER, PLAIN);
      memory.set(ValueLayout.JAVA_LONG, at, number);
    } else if (value instanceof Double number) {
      setFormat(memory, index, FLOATING, PLAIN);
      memory.set(ValueLayout.JAVA_DOUBLE, at, number);
    } else if (value instanceof Boolean truth) {
      setFormat(memory, index, TRUTH, PLAIN);
      memory.set(ValueLayout.JAVA_LONG, at, truth ? 1L << 56 : 0);
    } else {
      setFormat(memory, index, NONE, NULL);
      memory.set(ValueLayout.JAVA_LONG, at, 0);
    }
  }

  @Nullable Object get(MemorySegment memory, int index) {
    String format = format(memory, index);
    byte code = memory.get(ValueLayout.JAVA_BYTE, codesAt() + index);
    long at = dataAt(index);
    return switch (format) {
      case INTEGER -> memory.get(ValueLayout.JAVA_LONG, at);
      case FLOATING -> memory.get(ValueLayout.JAVA_DOUBLE, at);
      case TRUTH -> memory.get(ValueLayout.JAVA_BYTE, at + WORD - 1) != 0;
      case NONE -> null;
      default -> text(memory, at, length(format, index), code);
    };
  }

  private static Object text(MemorySegment memory, long at, int length, byte code) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
    int end = length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return code == STRING
        ? new String(bytes, 0, end, StandardCharsets.UTF_8)
        : Arrays.copyOf(bytes, end);
  }

  String format(MemorySegment memory, int index) {
    byte[] bytes = new byte[(int) WORD];
    long at = formatsAt() + index * WORD;
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.US_ASCII);
  }

  private int length(String format, int index) {
    long length = 0;
    int digits = format.endsWith("s") ? format.length() - 1 : 0;
    for (int i = 0; i < digits; i++) {
      int digit = format.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw noElement(format, index);
      }
      length = length * 10 + digit;
    }
    if (digits == 0 || length > room(index)) {
      throw noElement(format, index);
    }
    return (int) length;
  }

  private static IllegalStateException noElement(String format, int index) {
    return new IllegalStateException(
        "what is there is no element: index=" + index + ", format=" + format);
  }

  private void setFormat(MemorySegment memory, int index, String format, byte code) {
    byte[] bytes = Arrays.copyOf(format.getBytes(StandardCharsets.US_ASCII), (int) WORD);
    long at = formatsAt() + index * WORD;
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
    memory.set(ValueLayout.JAVA_BYTE, codesAt() + index, code);
  }

  private long room(int index) {
    return offsets.get(index + 1) - offsets.get(index);
  }

  private long dataAt(int index) {
    return WORD * (length() + 2L) + offsets.get(index);
  }

  private long formatsAt() {
    return WORD * (length() + 2L) + offsets.getLast();
  }

  private long codesAt() {
    return formatsAt() + WORD * length();
  }

  private static byte @Nullable [] bytes(@Nullable Object value) {
    return value instanceof String text
        ? text.getBytes(StandardCharsets.UTF_8)
        : value instanceof byte[] bytes ? bytes : null;
  }

  private static IllegalStateException noList(String why) {
    return new IllegalStateException("the memory holds no list of Python's layout: " + why);
  }
}
