package io.procession.shared;

import io.procession.internal.check.Require;
import java.io.Serializable;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A struct that is a record: its components one after the other, each aligned to its size, padded at
/// the end to a multiple of the largest of them, as in C. A component that is a record lies within.
///
/// @param <R> the record
final class RecordType<R extends Record> extends StructType<R> {
  private static final ClassValue<RecordType<?>> TYPES =
      new ClassValue<>() {
        @Override
        protected RecordType<?> computeValue(Class<?> type) {
          return make(type.asSubclass(Record.class));
        }
      };

  private final Class<R> type;
  private final Part[] parts;
  private final Constructor<R> constructor;

  private RecordType(Class<R> type, StructLayout layout, Part[] parts, Constructor<R> constructor) {
    super(layout);
    this.type = type;
    this.parts = parts;
    this.constructor = constructor;
  }

  /// A component: where it lies, how it is read from the record, and which of the two it is.
  private record Part(
      long offset,
      Field getter,
      @Nullable ElementType<?> primitive,
      @Nullable RecordType<?> nested) {}

  @SuppressWarnings("unchecked") // the value of a class is of that class
  static <R extends Record> RecordType<R> of(Class<R> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(
          "not a record class: type=" + type.getName() + "; give a record of primitives");
    }
    return (RecordType<R>) TYPES.get(type);
  }

  @Override
  R read(MemorySegment data, long at) {
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      long partAt = at + part.offset;
      values[i] =
          part.primitive != null
              ? Elements.get(part.primitive, data, partAt)
              : nested(part).read(data, partAt);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          type.getName() + " refuses what is in shared memory: " + e.getTargetException(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// Takes the record apart before it writes the first byte.
  @Override
  void write(MemorySegment data, long at, R value) {
    write(data, at, takeApart(value));
  }

  /// Its components, and of those that are records theirs.
  private Object[] takeApart(Object value) {
    Object[] values = new Object[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        Part part = parts[i];
        Object component = part.getter.get(value);
        if (component == null) {
          throw new NullPointerException(
              "a struct has no null: " + type.getName() + "." + part.getter.getName());
        }
        values[i] = part.primitive != null ? component : nested(part).takeApart(component);
      }
    } catch (IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
    return values;
  }

  private void write(MemorySegment data, long at, Object[] values) {
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      if (part.primitive != null) {
        Elements.set(part.primitive, data, at + part.offset, values[i]);
      } else {
        nested(part).write(data, at + part.offset, (Object[]) values[i]);
      }
    }
  }

  @Override
  Serializable form() {
    return type;
  }

  private static RecordType<?> nested(Part part) {
    return Objects.requireNonNull(part.nested);
  }

  private static <R extends Record> RecordType<R> make(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] parameters = new Class<?>[components.length];
    Part[] parts = new Part[components.length];
    List<MemoryLayout> members = new ArrayList<>();
    long size = 0;
    long alignment = 1;
    try {
      for (int i = 0; i < components.length; i++) {
        Class<?> component = components[i].getType();
        parameters[i] = component;
        String name = components[i].getName();
        Field getter = type.getDeclaredField(name);
        getter.setAccessible(true);
        RecordType<?> nested = component.isRecord() ? of(component.asSubclass(Record.class)) : null;
        ElementType<?> primitive = nested != null ? null : primitive(type, name, component);
        MemoryLayout member =
            nested != null ? nested.layout : Objects.requireNonNull(primitive).layout;
        size = pad(members, size, member.byteAlignment());
        alignment = Math.max(alignment, member.byteAlignment());
        parts[i] = new Part(size, getter, primitive, nested);
        members.add(member.withName(name));
        size += member.byteSize();
      }
      pad(members, size, alignment);
      StructLayout layout = MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new));
      Constructor<R> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return new RecordType<>(type, layout.withName(type.getSimpleName()), parts, constructor);
    } catch (InaccessibleObjectException e) {
      throw Require.notOpened(type, e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static ElementType<?> primitive(Class<?> type, String name, Class<?> component) {
    if (component.isPrimitive()) {
      return ElementType.of(component);
    }
    throw new IllegalArgumentException(
        "components of a struct are primitives and records of such: component="
            + type.getName()
            + "."
            + name
            + ", type="
            + component.getTypeName()
            + "; share others by a queue or a manager");
  }

  /// Adds padding up to an alignment; returns the new size.
  private static long pad(List<MemoryLayout> members, long size, long alignment) {
    long rest = size % alignment;
    if (rest == 0) {
      return size;
    }
    members.add(MemoryLayout.paddingLayout(alignment - rest));
    return size + alignment - rest;
  }
}
