package io.procession.serial;

import java.io.Serializable;

/// Which way the objects of one class are written, found once for each class.
class Shape {
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return find(type);
        }
      };

  private static final Shape JDK = new Shape(Tag.JDK);

  /// One of [Tag].
  final int tag;

  Shape(int tag) {
    this.tag = tag;
  }

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static Shape find(Class<?> type) {
    if (type.isArray()) {
      return new Shape(arrayTag(type.getComponentType()));
    }
    if (type.getClassLoader() == null) {
      int tag = knownTag(type.getName());
      if (tag != 0) {
        return new Shape(tag);
      }
    }
    if (Enum.class.isAssignableFrom(type) && type != Enum.class) {
      return new Shape(Tag.ENUM);
    }
    if (!Serializable.class.isAssignableFrom(type)) {
      return JDK;
    }
    Shape found = null;
    if (type.isRecord()) {
      found = RecordShape.find(type);
    } else if (LambdaShape.isLambda(type)) {
      found = LambdaShape.find(type);
    } else if (type.getName().startsWith(Handle.OURS)) {
      found = HandleShape.find(type);
    }
    return found == null ? JDK : found;
  }

  private static int arrayTag(Class<?> component) {
    if (!component.isPrimitive()) {
      return Tag.OBJECTS;
    }
    return switch (component.descriptorString().charAt(0)) {
      case 'Z' -> Tag.BOOLEANS;
      case 'B' -> Tag.BYTES;
      case 'S' -> Tag.SHORTS;
      case 'C' -> Tag.CHARS;
      case 'I' -> Tag.INTS;
      case 'J' -> Tag.LONGS;
      case 'F' -> Tag.FLOATS;
      default -> Tag.DOUBLES;
    };
  }

  /// The tag of a class of the JDK, or 0. By name, since a comparison with a class would load it;
  /// a JDK whose inner classes are named otherwise costs speed, nothing else.
  private static int knownTag(String name) {
    return switch (name) {
      case "java.lang.Boolean" -> Tag.TRUE;
      case "java.lang.Byte" -> Tag.BYTE;
      case "java.lang.Short" -> Tag.SHORT;
      case "java.lang.Character" -> Tag.CHAR;
      case "java.lang.Integer" -> Tag.INT;
      case "java.lang.Long" -> Tag.LONG;
      case "java.lang.Float" -> Tag.FLOAT;
      case "java.lang.Double" -> Tag.DOUBLE;
      case "java.lang.String" -> Tag.STRING;
      case "java.lang.Class" -> Tag.CLASS;
      case "java.math.BigInteger" -> Tag.BIG_INTEGER;
      case "java.math.BigDecimal" -> Tag.BIG_DECIMAL;
      case "java.time.Duration" -> Tag.DURATION;
      case "java.time.Instant" -> Tag.INSTANT;
      case "java.util.UUID" -> Tag.UUID;
      case "java.util.ArrayList" -> Tag.ARRAY_LIST;
      case "java.util.Arrays$ArrayList" -> Tag.ARRAYS_AS_LIST;
      case "java.util.HashSet" -> Tag.HASH_SET;
      case "java.util.LinkedHashSet" -> Tag.LINKED_HASH_SET;
      case "java.util.HashMap" -> Tag.HASH_MAP;
      case "java.util.LinkedHashMap" -> Tag.LINKED_HASH_MAP;
      case "java.util.ImmutableCollections$List12", "java.util.ImmutableCollections$ListN" ->
          Tag.LIST_OF;
      case "java.util.ImmutableCollections$Set12", "java.util.ImmutableCollections$SetN" ->
          Tag.SET_OF;
      case "java.util.ImmutableCollections$Map1", "java.util.ImmutableCollections$MapN" ->
          Tag.MAP_OF;
      default -> 0;
    };
  }
}
