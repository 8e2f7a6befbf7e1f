package io.procession.manager;

import io.procession.internal.check.Require;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a record class by name: reads them, and makes records with one of them replaced.
///
/// @param <R> the record
final class RecordFields<R extends Record> {
  private final Class<R> type;
  private final List<String> names = new ArrayList<>();
  private final List<Field> fields = new ArrayList<>();
  private final Constructor<R> constructor;

  RecordFields(Class<R> type) {
    this.type = type;
    List<Class<?>> parameters = new ArrayList<>();
    try {
      for (RecordComponent component : type.getRecordComponents()) {
        Field field = type.getDeclaredField(component.getName());
        field.setAccessible(true);
        names.add(field.getName());
        fields.add(field);
        parameters.add(field.getType());
      }
      constructor = type.getDeclaredConstructor(parameters.toArray(Class<?>[]::new));
      constructor.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw Require.notOpened(type, e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Nullable Object get(R from, String name) {
    return read(from, index(name));
  }

  /// The same record but for a field.
  R with(R from, String name, @Nullable Object value) {
    int replaced = index(name);
    requireType(replaced, value);
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == replaced ? value : read(from, i);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal; // the record's own
      }
      throw new IllegalStateException("the record refuses its values: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// A number and another of its type, added.
  Object sum(String name, @Nullable Object augend, Object addend) {
    int index = index(name);
    if (!(augend instanceof Number || augend instanceof Character)) {
      throw noNumber(index);
    }
    requireType(index, addend);
    if (augend instanceof Character letter && addend instanceof Character more) {
      return (char) (letter + more);
    }
    if (!(addend instanceof Number more)) {
      throw noNumber(index);
    }
    return switch (augend) {
      case Integer n -> n + more.intValue();
      case Long n -> n + more.longValue();
      case Double n -> n + more.doubleValue();
      case Float n -> n + more.floatValue();
      case Short n -> (short) (n + more.shortValue());
      case Byte n -> (byte) (n + more.byteValue());
      case null, default -> throw noNumber(index);
    };
  }

  private IllegalArgumentException noNumber(int index) {
    return new IllegalArgumentException(
        "field must be a number: field="
            + names.get(index)
            + ", type="
            + fields.get(index).getType().getTypeName()
            + "; only numbers can be added to");
  }

  void requireType(String name, @Nullable Object value) {
    requireType(index(name), value);
  }

  private void requireType(int index, @Nullable Object value) {
    Class<?> declared = fields.get(index).getType();
    boolean fits =
        value == null
            ? !declared.isPrimitive()
            : MethodType.methodType(declared).wrap().returnType().isInstance(value);
    if (!fits) {
      throw new IllegalArgumentException(
          "the field is of another type: field="
              + names.get(index)
              + ", type="
              + declared.getTypeName()
              + ", value="
              + (value == null ? "null" : value + " (" + value.getClass().getTypeName() + ")")
              + "; give a value of the type that it is declared with");
    }
  }

  private @Nullable Object read(R from, int index) {
    try {
      return fields.get(index).get(from);
    } catch (IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "no such field: field="
              + name
              + ", of "
              + type.getName()
              + " with "
              + names
              + "; take one of those");
    }
    return index;
  }
}
