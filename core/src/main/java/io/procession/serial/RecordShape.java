package io.procession.serial;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// A record class: its fields are read directly and given to its canonical constructor, as JDK
/// serialization does.
final class RecordShape extends Shape {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  final Class<?> type;

  /// Tells two versions of the class apart: from the names and types of the components.
  final int fingerprint;

  /// For each component the first letter of its type's descriptor.
  private final char[] kinds;

  /// For each component a handle of type `(Object)int`, `(Object)Object` and so on.
  private final MethodHandle[] getters;

  /// Of type `(Object[])Object`.
  private final MethodHandle constructor;

  private RecordShape(Class<?> type, RecordComponent[] components)
      throws ReflectiveOperationException {
    super(Tag.RECORD);
    this.type = type;
    kinds = new char[components.length];
    getters = new MethodHandle[components.length];
    Class<?>[] parameters = new Class<?>[components.length];
    int hash = components.length;
    for (int i = 0; i < components.length; i++) {
      Class<?> component = components[i].getType();
      parameters[i] = component;
      kinds[i] = component.descriptorString().charAt(0);
      Field field = type.getDeclaredField(components[i].getName());
      field.setAccessible(true);
      Class<?> read = component.isPrimitive() ? component : Object.class;
      getters[i] = LOOKUP.unreflectGetter(field).asType(MethodType.methodType(read, Object.class));
      hash = 31 * (31 * hash + field.getName().hashCode()) + component.getName().hashCode();
    }
    fingerprint = hash;
    Constructor<?> canonical = type.getDeclaredConstructor(parameters);
    canonical.setAccessible(true);
    constructor =
        LOOKUP
            .unreflectConstructor(canonical)
            .asFixedArity()
            .asSpreader(Object[].class, components.length)
            .asType(MethodType.methodType(Object.class, Object[].class));
  }

  /// The shape, or null if objects of the class must be left to JDK serialization.
  static @Nullable RecordShape find(Class<?> type) {
    if (type.isHidden() || isReplaced(type)) {
      return null;
    }
    RecordComponent[] components = type.getRecordComponents();
    if (components.length > 250) {
      return null;
    }
    try {
      return new RecordShape(type, components);
    } catch (InaccessibleObjectException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// Whether objects of the class, or their copies, put others in their place.
  private static boolean isReplaced(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      String name = method.getName();
      if (method.getParameterCount() == 0
          && (name.equals("writeReplace") || name.equals("readResolve"))) {
        return true;
      }
    }
    return false;
  }

  int components() {
    return kinds.length;
  }

  /// Writes the components; false if one of them must be left to JDK serialization.
  boolean write(Object object, Encoder encoder, int depth) {
    ByteSink out = encoder.out();
    try {
      for (int i = 0; i < kinds.length; i++) {
        MethodHandle getter = getters[i];
        switch (kinds[i]) {
          case 'Z' -> out.putBoolean((boolean) getter.invokeExact(object));
          case 'B' -> out.putByte((byte) getter.invokeExact(object));
          case 'S' -> out.putShort((short) getter.invokeExact(object));
          case 'C' -> out.putShort((char) getter.invokeExact(object));
          case 'I' -> out.putInt((int) getter.invokeExact(object));
          case 'J' -> out.putLong((long) getter.invokeExact(object));
          case 'F' -> out.putFloat((float) getter.invokeExact(object));
          case 'D' -> out.putDouble((double) getter.invokeExact(object));
          default -> {
            if (!encoder.write((@Nullable Object) getter.invokeExact(object), depth)) {
              return false;
            }
          }
        }
      }
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  Object read(Decoder decoder, int depth) throws IOException, ClassNotFoundException {
    ByteSource in = decoder.in();
    @Nullable Object[] values = new @Nullable Object[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      values[i] =
          switch (kinds[i]) {
            case 'Z' -> (Object) in.getBoolean();
            case 'B' -> in.getByte();
            case 'S' -> in.getShort();
            case 'C' -> (char) in.getShort();
            case 'I' -> in.getInt();
            case 'J' -> in.getLong();
            case 'F' -> in.getFloat();
            case 'D' -> in.getDouble();
            default -> decoder.read(depth);
          };
    }
    try {
      return (Object) constructor.invokeExact(values);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvalidObjectException(type.getName() + " refused its components: " + e, e);
    }
  }
}
