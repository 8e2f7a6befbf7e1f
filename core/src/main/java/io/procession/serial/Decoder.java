package io.procession.serial;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.StreamCorruptedException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one value. Counts are checked against the bytes that are left before anything is
/// allocated; what constructors and collections throw at wrong content is left to the caller.
final class Decoder {
  private final StandardCodec codec;
  private final ByteSource in;
  private @Nullable ClassLoader loader;
  private Class<?>[] classes = new Class<?>[4];
  private int classCount;

  Decoder(StandardCodec codec, ByteSource in) {
    this.codec = codec;
    this.in = in;
    this.loader = codec.loader();
  }

  ByteSource in() {
    return in;
  }

  /// Whether names stand for what the codec's own loader finds.
  @SuppressWarnings("ReferenceEquality") // loaders have no other equality
  boolean isOutermost() {
    return loader == codec.loader();
  }

  Class<?> resolve(String name) throws IOException, ClassNotFoundException {
    return codec.resolve(name, loader);
  }

  /// Whether a value of this tag is read by [#readLeaf].
  static boolean isLeaf(int tag) {
    return tag > 0 && tag <= Tag.STRING;
  }

  static @Nullable Object readLeaf(int tag, ByteSource in) throws StreamCorruptedException {
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.FALSE -> (Object) false;
      case Tag.TRUE -> true;
      case Tag.BYTE -> in.getByte();
      case Tag.SHORT -> in.getShort();
      case Tag.CHAR -> (char) in.getShort();
      case Tag.INT -> in.getInt();
      case Tag.LONG -> in.getLong();
      case Tag.FLOAT -> in.getFloat();
      case Tag.DOUBLE -> in.getDouble();
      case Tag.STRING -> in.getString();
      default -> throw in.corrupt("unknown tag: tag=" + tag);
    };
  }

  @Nullable Object read(int depth) throws IOException, ClassNotFoundException {
    return read(in.getByte(), depth);
  }

  @Nullable Object read(int tag, int depth) throws IOException, ClassNotFoundException {
    if (isLeaf(tag)) {
      return readLeaf(tag, in);
    }
    if (depth > Encoder.MAX_DEPTH) {
      throw in.corrupt("nested too deep: depth=" + depth);
    }
    return switch (tag) {
      case Tag.BOOLEANS,
          Tag.BYTES,
          Tag.SHORTS,
          Tag.CHARS,
          Tag.INTS,
          Tag.LONGS,
          Tag.FLOATS,
          Tag.DOUBLES ->
          readPrimitives(tag);
      case Tag.OBJECTS -> readArray(depth);
      case Tag.ARRAY_LIST,
          Tag.ARRAYS_AS_LIST,
          Tag.LIST_OF,
          Tag.LIST_OF_NULLS,
          Tag.HASH_SET,
          Tag.LINKED_HASH_SET,
          Tag.SET_OF ->
          readCollection(tag, depth);
      case Tag.HASH_MAP, Tag.LINKED_HASH_MAP, Tag.ACCESS_ORDERED_MAP, Tag.MAP_OF ->
          readMap(tag, depth);
      case Tag.RECORD -> readRecord(depth);
      case Tag.LAMBDA -> readLambda(depth);
      case Tag.HANDLE -> readHandle();
      case Tag.ENUM -> readEnum();
      case Tag.CLASS -> readClassValue();
      case Tag.BIG_INTEGER -> readBigInteger();
      case Tag.BIG_DECIMAL -> readBigDecimal();
      case Tag.UUID -> new UUID(in.getLong(), in.getLong());
      case Tag.DURATION -> Duration.ofSeconds(in.getLong(), in.getInt());
      case Tag.INSTANT -> Instant.ofEpochSecond(in.getLong(), in.getInt());
      default -> throw in.corrupt("unknown tag: tag=" + tag);
    };
  }

  private BigInteger readBigInteger() throws StreamCorruptedException {
    return new BigInteger(in.getBytes(in.getCount(1)));
  }

  private BigDecimal readBigDecimal() throws StreamCorruptedException {
    int scale = in.getInt();
    return new BigDecimal(readBigInteger(), scale);
  }

  private Class<?> readClassValue() throws IOException, ClassNotFoundException {
    String name = in.getString();
    Class<?> primitive = Class.forPrimitiveName(name);
    return primitive == null ? resolve(name) : primitive;
  }

  private Object readHandle() throws IOException {
    String type = in.getString();
    codec.require(type);
    long session = in.getLong();
    int cell = in.getInt();
    var handle = new Handle(type, session, cell, in.getInt(), in.getByte(), null);
    return handle.resolve();
  }

  private Class<?> readClass() throws IOException, ClassNotFoundException {
    int number = in.getVarInt();
    if (number != 0) {
      if (number < 0 || number > classCount) {
        throw in.corrupt("no such class yet: number=" + Integer.toUnsignedString(number));
      }
      return classes[number - 1];
    }
    Class<?> type = resolve(in.getString());
    if (classCount == classes.length) {
      classes = Arrays.copyOf(classes, 2 * classCount);
    }
    classes[classCount++] = type;
    return type;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // valueOf refuses what is no enum class
  private Object readEnum() throws IOException, ClassNotFoundException {
    Class<?> type = readClass();
    if (!type.isEnum()) {
      throw in.corrupt("no enum: class=" + type.getName());
    }
    return Enum.valueOf((Class) type, in.getString());
  }

  private Object readRecord(int depth) throws IOException, ClassNotFoundException {
    int known = classCount;
    Class<?> type = readClass();
    if (!(Shape.of(type) instanceof RecordShape shape)) {
      throw in.corrupt("no record that is read this way: class=" + type.getName());
    }
    if (classCount != known && in.getInt() != shape.fingerprint) {
      throw new InvalidClassException(type.getName(), "its components are others in this process");
    }
    return shape.read(this, depth + 1);
  }

  private Object readLambda(int depth) throws IOException, ClassNotFoundException {
    int hash = in.getInt();
    int length = in.getCount(1);
    int at = in.take(length);
    LambdaSite site = codec.site(hash, in.array(), at, length, this);
    @Nullable Object[] captured = new @Nullable Object[in.getCount(1)];
    ClassLoader outer = loader;
    ClassLoader inner = site.loader();
    if (inner != null) {
      loader = inner;
    }
    for (int i = 0; i < captured.length; i++) {
      captured[i] = read(depth + 1);
    }
    loader = outer;
    return site.create(captured);
  }

  private Object readArray(int depth) throws IOException, ClassNotFoundException {
    Class<?> type = readClass();
    Class<?> component = type.getComponentType();
    if (component == null || component.isPrimitive()) {
      throw in.corrupt("no array of objects: class=" + type.getName());
    }
    int count = in.getCount(1);
    @Nullable Object[] elements = (@Nullable Object[]) Array.newInstance(component, count);
    fill(elements, depth);
    return elements;
  }

  private void fill(@Nullable Object[] elements, int depth)
      throws IOException, ClassNotFoundException {
    if (elements.length == 0) {
      return;
    }
    int packing = in.getByte();
    if (packing != Packing.NONE) {
      Packing.read(packing, elements, in);
      return;
    }
    for (int i = 0; i < elements.length; i++) {
      elements[i] = read(depth + 1);
    }
  }

  private Object readCollection(int tag, int depth) throws IOException, ClassNotFoundException {
    @Nullable Object[] elements = new @Nullable Object[in.getCount(1)];
    fill(elements, depth);
    return switch (tag) {
      case Tag.ARRAY_LIST -> new ArrayList<>(Arrays.asList(elements));
      case Tag.ARRAYS_AS_LIST -> Arrays.asList(elements);
      case Tag.LIST_OF -> List.of(elements);
      case Tag.LIST_OF_NULLS -> Stream.of(elements).toList();
      case Tag.SET_OF -> Set.of(elements);
      case Tag.LINKED_HASH_SET -> {
        Set<@Nullable Object> set = LinkedHashSet.newLinkedHashSet(elements.length);
        set.addAll(Arrays.asList(elements));
        yield set;
      }
      default -> {
        Set<@Nullable Object> set = HashSet.newHashSet(elements.length);
        set.addAll(Arrays.asList(elements));
        yield set;
      }
    };
  }

  private Object readMap(int tag, int depth) throws IOException, ClassNotFoundException {
    int size = in.getCount(2);
    if (tag == Tag.MAP_OF) {
      return readMapOf(size, depth);
    }
    Map<@Nullable Object, @Nullable Object> map =
        switch (tag) {
          case Tag.HASH_MAP -> HashMap.newHashMap(size);
          case Tag.LINKED_HASH_MAP -> LinkedHashMap.newLinkedHashMap(size);
          default -> new LinkedHashMap<>(16, 0.75f, true);
        };
    for (int i = 0; i < size; i++) {
      Object key = read(depth + 1);
      map.put(key, read(depth + 1));
    }
    return map;
  }

  private Object readMapOf(int size, int depth) throws IOException, ClassNotFoundException {
    Map.Entry<?, ?>[] entries = new Map.Entry<?, ?>[size];
    for (int i = 0; i < size; i++) {
      Object key = present(read(depth + 1));
      entries[i] = Map.entry(key, present(read(depth + 1)));
    }
    return Map.ofEntries(entries);
  }

  private Object present(@Nullable Object value) throws StreamCorruptedException {
    if (value == null) {
      throw in.corrupt("null in a map that has none");
    }
    return value;
  }

  private Object readPrimitives(int tag) throws StreamCorruptedException {
    Object large = in.takeArray(tag);
    if (large != null) {
      return large;
    }
    return switch (tag) {
      case Tag.BOOLEANS -> {
        boolean[] array = new boolean[in.getCount(1)];
        for (int i = 0; i < array.length; i++) {
          array[i] = in.getBoolean();
        }
        yield array;
      }
      case Tag.BYTES -> in.getBytes(in.getCount(1));
      case Tag.SHORTS -> {
        short[] array = new short[in.getCount(2)];
        bytes(2 * array.length).asShortBuffer().get(array);
        yield array;
      }
      case Tag.CHARS -> {
        char[] array = new char[in.getCount(2)];
        bytes(2 * array.length).asCharBuffer().get(array);
        yield array;
      }
      case Tag.INTS -> {
        int[] array = new int[in.getCount(4)];
        bytes(4 * array.length).asIntBuffer().get(array);
        yield array;
      }
      case Tag.LONGS -> {
        long[] array = new long[in.getCount(8)];
        bytes(8 * array.length).asLongBuffer().get(array);
        yield array;
      }
      case Tag.FLOATS -> {
        float[] array = new float[in.getCount(4)];
        bytes(4 * array.length).asFloatBuffer().get(array);
        yield array;
      }
      default -> {
        double[] array = new double[in.getCount(8)];
        bytes(8 * array.length).asDoubleBuffer().get(array);
        yield array;
      }
    };
  }

  private ByteBuffer bytes(int size) throws StreamCorruptedException {
    int at = in.take(size);
    return in.view().slice(at, size).order(in.view().order());
  }
}
