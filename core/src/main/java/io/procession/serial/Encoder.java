package io.procession.serial;

import io.procession.internal.swap.Stead;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * Writes one value the fast way, or finds that it cannot.
 *
 * JDK serialization keeps identity: an object met twice is written once, which also makes cycles
 * possible. The fast way writes trees only. So it remembers the mutable things it has met, that is
 * collections, maps and arrays that are not empty; when it meets one a second time, or a class it
 * does not know, or too deep a nest, it answers false and the caller writes the whole value by JDK
 * serialization. Immutable things (strings, boxes, records, List.of, lambdas) are not remembered:
 * whether two equal ones are one object is nothing a program may rely on. Still a nest of records
 * that share their parts could blow up: so after many of them the caller starts over with an
 * encoder that remembers these as well.
 */
final class Encoder {
  static final int MAX_DEPTH = 64;

  private static final int MAX_FORGOTTEN = 100_000;

  private final ByteSink out;
  private final boolean strict;
  private final Identities met = new Identities();
  private final @Nullable Stead stead = Stead.current();
  private int forgotten;
  private Class<?>[] classes = new Class<?>[4];
  private int classCount;

  Encoder(ByteSink out, boolean strict) {
    this.out = out;
    this.strict = strict;
  }

  ByteSink out() {
    return out;
  }

  /// Whether a strict encoder may succeed where this one gave up.
  boolean isOverflown() {
    return forgotten > MAX_FORGOTTEN;
  }

  /// Enters something immutable that refers to other objects; false if it cannot be done.
  boolean enter(Object immutable) {
    return strict ? met.add(immutable) : ++forgotten <= MAX_FORGOTTEN;
  }

  /// Writes a value without references to others; false if it is none.
  static boolean writeLeaf(@Nullable Object value, ByteSink out) {
    if (value == null) {
      out.putByte(Tag.NULL);
      return true;
    }
    if (value.getClass() == String.class) {
      out.putByte(Tag.STRING);
      out.putString((String) value);
      return true;
    }
    if (value.getClass() == Integer.class) {
      out.putByte(Tag.INT);
      out.putInt((int) value);
      return true;
    }
    return writeLeaf(Shape.of(value.getClass()).tag, value, out);
  }

  private static boolean writeLeaf(int tag, Object value, ByteSink out) {
    if (tag == Tag.TRUE) {
      out.putByte((boolean) value ? Tag.TRUE : Tag.FALSE);
      return true;
    }
    int start = out.length();
    out.putByte(tag);
    switch (tag) {
      case Tag.BYTE -> out.putByte((byte) value);
      case Tag.SHORT -> out.putShort((short) value);
      case Tag.CHAR -> out.putShort((char) value);
      case Tag.INT -> out.putInt((int) value);
      case Tag.LONG -> out.putLong((long) value);
      case Tag.FLOAT -> out.putFloat((float) value);
      case Tag.DOUBLE -> out.putDouble((double) value);
      case Tag.STRING -> out.putString((String) value);
      case Tag.CLASS -> {
        ClassLookup.requireNamed((Class<?>) value);
        out.putString(Travelling.name((Class<?>) value));
      }
      case Tag.BIG_INTEGER -> writeBig((BigInteger) value, out);
      case Tag.BIG_DECIMAL -> {
        out.putInt(((BigDecimal) value).scale());
        writeBig(((BigDecimal) value).unscaledValue(), out);
      }
      case Tag.UUID -> {
        out.putLong(((UUID) value).getMostSignificantBits());
        out.putLong(((UUID) value).getLeastSignificantBits());
      }
      case Tag.DURATION -> {
        var duration = (Duration) value;
        out.putLong(duration.toSeconds());
        out.putInt(duration.toNanosPart());
      }
      case Tag.INSTANT -> {
        var instant = (Instant) value;
        out.putLong(instant.getEpochSecond());
        out.putInt(instant.getNano());
      }
      default -> {
        out.truncate(start);
        return false;
      }
    }
    return true;
  }

  private static void writeBig(BigInteger value, ByteSink out) {
    byte[] bytes = value.toByteArray();
    out.putVarInt(bytes.length);
    out.putBytes(bytes);
  }

  /// Writes a value; false if it must be left to JDK serialization.
  boolean write(@Nullable Object value, int depth) {
    if (writeLeaf(value, out)) {
      return true;
    }
    if (value == null || depth >= MAX_DEPTH || (stead != null && stead.isFor(value))) {
      return false;
    }
    Shape shape = Shape.of(value.getClass());
    return switch (shape.tag) {
      case Tag.OBJECTS ->
          enterMutable(value, ((Object[]) value).length) && writeArray(value, depth);
      case Tag.ARRAY_LIST, Tag.HASH_SET, Tag.LINKED_HASH_SET ->
          enterMutable(value, 1) && writeCollection(shape.tag, (Collection<?>) value, depth);
      case Tag.ARRAYS_AS_LIST -> depth == 0 && writeBackedList((Collection<?>) value);
      case Tag.SET_OF ->
          enterImmutable(value, ((Collection<?>) value).size())
              && writeCollection(shape.tag, (Collection<?>) value, depth);
      case Tag.LIST_OF ->
          enterImmutable(value, ((Collection<?>) value).size())
              && writeListOf((List<?>) value, depth);
      case Tag.HASH_MAP -> enterMutable(value, 1) && writeMap(shape.tag, (Map<?, ?>) value, depth);
      case Tag.LINKED_HASH_MAP ->
          enterMutable(value, 1) && writeMap(linkedTag(value), (Map<?, ?>) value, depth);
      case Tag.MAP_OF ->
          enterImmutable(value, ((Map<?, ?>) value).size())
              && writeMap(shape.tag, (Map<?, ?>) value, depth);
      case Tag.ENUM -> writeEnum((Enum<?>) value);
      case Tag.RECORD -> writeRecord((RecordShape) shape, value, depth);
      case Tag.LAMBDA -> ((LambdaShape) shape).write(value, this, depth + 1);
      case Tag.HANDLE -> ((HandleShape) shape).write(value, out);
      case Tag.JDK -> false;
      default -> writePrimitives(shape.tag, value);
    };
  }

  private boolean enterMutable(Object container, int size) {
    return size == 0 || met.add(container);
  }

  private boolean enterImmutable(Object container, int size) {
    return size == 0 || enter(container);
  }

  private boolean writeRecord(RecordShape shape, Object value, int depth) {
    if (!enterImmutable(value, shape.components())) {
      return false;
    }
    out.putByte(Tag.RECORD);
    if (putClass(shape.type)) {
      out.putInt(shape.fingerprint);
    }
    return shape.write(value, this, depth + 1);
  }

  private boolean writeEnum(Enum<?> value) {
    out.putByte(Tag.ENUM);
    putClass(value.getDeclaringClass());
    out.putString(value.name());
    return true;
  }

  /// Writes a class: the first time its name, later its number. True if it was the first time.
  @SuppressWarnings("ReferenceEquality") // two classes of one name are two
  private boolean putClass(Class<?> type) {
    for (int i = 0; i < classCount; i++) {
      if (classes[i] == type) {
        out.putVarInt(i + 1);
        return false;
      }
    }
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, 2 * classCount);
    }
    ClassLookup.requireNamed(type);
    String name = Travelling.name(type);
    classes[classCount++] = type;
    out.putVarInt(0);
    out.putString(name);
    return true;
  }

  private boolean writeArray(Object value, int depth) {
    out.putByte(Tag.OBJECTS);
    putClass(value.getClass());
    return writeElements((@Nullable Object[]) value, depth);
  }

  private boolean writeCollection(int tag, Collection<?> value, int depth) {
    out.putByte(tag);
    return writeElements(value.toArray(), depth);
  }

  /// A list made by `Arrays.asList` shares its array, which cannot be seen: so only one that is the
  /// whole value, and refers to nothing that could be that array.
  private boolean writeBackedList(Collection<?> value) {
    @Nullable Object[] elements = value.toArray();
    out.putByte(Tag.ARRAYS_AS_LIST);
    out.putVarInt(elements.length);
    if (elements.length > 0) {
      out.putByte(Packing.NONE);
    }
    for (Object element : elements) {
      if (!writeLeaf(element, out)) {
        return false;
      }
    }
    return true;
  }

  /// The lists of `List.of` refuse null and those of `Stream.toList` allow it, in one class.
  /// `List.copyOf` answers the former themselves.
  @SuppressWarnings("ReferenceEquality") // see above
  private boolean writeListOf(List<?> value, int depth) {
    @Nullable Object[] elements = value.toArray();
    boolean nullable = false;
    for (Object element : elements) {
      nullable |= element == null;
    }
    nullable = nullable || List.copyOf(value) != value;
    out.putByte(nullable ? Tag.LIST_OF_NULLS : Tag.LIST_OF);
    return writeElements(elements, depth);
  }

  private boolean writeElements(@Nullable Object[] elements, int depth) {
    out.putVarInt(elements.length);
    if (elements.length == 0 || Packing.write(elements, out)) {
      return true;
    }
    out.putByte(Packing.NONE);
    for (Object element : elements) {
      if (!write(element, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a linked map is in order of access shows only in what a look-up does, so one is made
  /// in an emptied copy.
  private static int linkedTag(Object map) {
    @SuppressWarnings("unchecked") // nothing of the map's own is left in the copy
    var copy = (LinkedHashMap<Object, Object>) ((LinkedHashMap<?, ?>) map).clone();
    copy.clear();
    copy.put(0, 0);
    copy.put(1, 1);
    copy.get(0);
    return copy.firstEntry().getKey().equals(0) ? Tag.LINKED_HASH_MAP : Tag.ACCESS_ORDERED_MAP;
  }

  private boolean writeMap(int tag, Map<?, ?> map, int depth) {
    out.putByte(tag);
    int size = map.size();
    out.putVarInt(size);
    int written = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!write(entry.getKey(), depth + 1) || !write(entry.getValue(), depth + 1)) {
        return false;
      }
      written++;
    }
    if (written != size) {
      throw new ConcurrentModificationException("map changed while it was written");
    }
    return true;
  }

  private boolean writePrimitives(int tag, Object array) {
    int length = Array.getLength(array);
    if (!enterMutable(array, length)) {
      return false;
    }
    out.putByte(tag);
    out.putVarInt(length);
    long size = (long) length * LargeArrays.unit(tag);
    if (size >= LargeArrays.LEAST_BYTES && out.keep(tag, array, size)) {
      return true;
    }
    switch (tag) {
      case Tag.BOOLEANS -> {
        for (boolean b : (boolean[]) array) {
          out.putBoolean(b);
        }
      }
      case Tag.BYTES -> out.putBytes((byte[]) array);
      case Tag.SHORTS -> room(2L * length).asShortBuffer().put((short[]) array);
      case Tag.CHARS -> room(2L * length).asCharBuffer().put((char[]) array);
      case Tag.INTS -> room(4L * length).asIntBuffer().put((int[]) array);
      case Tag.LONGS -> room(8L * length).asLongBuffer().put((long[]) array);
      case Tag.FLOATS -> room(4L * length).asFloatBuffer().put((float[]) array);
      case Tag.DOUBLES -> room(8L * length).asDoubleBuffer().put((double[]) array);
      default -> throw new AssertionError(tag);
    }
    return true;
  }

  private ByteBuffer room(long size) {
    int at = out.reserve(size);
    return out.view().slice(at, (int) size).order(out.view().order());
  }
}
