package io.procession.shared;

import io.procession.internal.check.Require;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A type of the values and elements that processes share: one of Java's eight primitive types.
///
/// Values have Java's sizes and the machine's byte order, each aligned to its size.
///
/// @param <T> the type, boxed
public final class ElementType<T> {
  /// `boolean`, in a byte.
  public static final ElementType<Boolean> BOOLEAN =
      new ElementType<>('Z', boolean.class, Boolean.class, ValueLayout.JAVA_BOOLEAN, false);

  /// `byte`.
  public static final ElementType<Byte> BYTE =
      new ElementType<>('B', byte.class, Byte.class, ValueLayout.JAVA_BYTE, (byte) 0);

  /// `short`.
  public static final ElementType<Short> SHORT =
      new ElementType<>('S', short.class, Short.class, ValueLayout.JAVA_SHORT, (short) 0);

  /// `char`: a UTF-16 unit, two bytes.
  public static final ElementType<Character> CHAR =
      new ElementType<>('C', char.class, Character.class, ValueLayout.JAVA_CHAR, '\0');

  /// `int`.
  public static final ElementType<Integer> INT =
      new ElementType<>('I', int.class, Integer.class, ValueLayout.JAVA_INT, 0);

  /// `long`.
  public static final ElementType<Long> LONG =
      new ElementType<>('J', long.class, Long.class, ValueLayout.JAVA_LONG, 0L);

  /// `float`.
  public static final ElementType<Float> FLOAT =
      new ElementType<>('F', float.class, Float.class, ValueLayout.JAVA_FLOAT, 0f);

  /// `double`.
  public static final ElementType<Double> DOUBLE =
      new ElementType<>('D', double.class, Double.class, ValueLayout.JAVA_DOUBLE, 0d);

  private static final List<ElementType<?>> ALL =
      List.of(BOOLEAN, BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE);

  final char letter;
  final ValueLayout layout;
  final int size;
  final T zero;
  private final Class<?> carrier;
  private final Class<T> boxed;

  private ElementType(char letter, Class<?> carrier, Class<T> boxed, ValueLayout layout, T zero) {
    this.letter = letter;
    this.carrier = carrier;
    this.boxed = boxed;
    this.layout = layout;
    this.size = (int) layout.byteSize();
    this.zero = zero;
  }

  /// The type of a primitive class, as `of(int.class)`, or of its box.
  ///
  /// @param <T> the type, boxed
  /// @param type the class
  /// @return the type
  /// @throws IllegalArgumentException if the class is another
  @SuppressWarnings("unchecked") // int.class is a Class<Integer>
  public static <T> ElementType<T> of(Class<T> type) {
    for (ElementType<?> one : ALL) {
      if (one.carrier == type || one.boxed == type) {
        return (ElementType<T>) one;
      }
    }
    throw new IllegalArgumentException(
        "values are shared of Java's primitive types: type="
            + type.getName()
            + "; share others by a queue, a struct or a manager");
  }

  /// The type for a type code of Python's `array` and `multiprocessing`.
  ///
  /// | code | type |
  /// |---|---|
  /// | `?` | [#BOOLEAN] |
  /// | `b` | [#BYTE] |
  /// | `B`, `h` | [#SHORT] |
  /// | `c`, `u`, `w` | [#CHAR] |
  /// | `H`, `i` | [#INT] |
  /// | `I`, `l`, `L`, `q`, `Q` | [#LONG] |
  /// | `f` | [#FLOAT] |
  /// | `d` | [#DOUBLE] |
  ///
  /// Java has no unsigned numbers: their codes stand for the next larger type, so that every value
  /// keeps its meaning; `L` and `Q` for `long`, as what they hold above its range reads as negative.
  ///
  /// @param code the type code
  /// @return the type
  /// @throws IllegalArgumentException if there is no such code
  public static ElementType<?> ofCode(char code) {
    return switch (code) {
      case '?' -> BOOLEAN;
      case 'b' -> BYTE;
      case 'B', 'h' -> SHORT;
      case 'c', 'u', 'w' -> CHAR;
      case 'H', 'i' -> INT;
      case 'I', 'l', 'L', 'q', 'Q' -> LONG;
      case 'f' -> FLOAT;
      case 'd' -> DOUBLE;
      default ->
          throw new IllegalArgumentException(
              "a type code is one of ? b B c u w h H i I l L q Q f d: code="
                  + code
                  + "; take one of those, or an ElementType");
    };
  }

  /// The primitive class.
  ///
  /// @return `int.class` for [#INT], for one
  public Class<?> carrier() {
    return carrier;
  }

  /// How long a value is.
  ///
  /// @return bytes
  public int byteSize() {
    return size;
  }

  /// The name of the primitive type.
  @Override
  public String toString() {
    return carrier.getName();
  }

  /// The type with a letter that was read from shared memory or a message.
  static ElementType<?> ofLetter(char letter) {
    for (ElementType<?> one : ALL) {
      if (one.letter == letter) {
        return one;
      }
    }
    throw new IllegalStateException("the object is of another kind: content=" + (int) letter);
  }

  /// The value as this type, which it is if generics were kept; a number may be of another type, as
  /// long as it means the same.
  T require(Object value) {
    Require.notNull("value", value);
    if (boxed.isInstance(value)) {
      return boxed.cast(value);
    }
    throw new IllegalArgumentException(
        "the value is of another type: expected "
            + this
            + ", value="
            + value
            + " ("
            + value.getClass().getName()
            + "); convert it first");
  }
}
