package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.serial.SerializableFunction;
import io.procession.shared.Struct;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A record at the server, which is exchanged as a whole. What changes a field does so again if others have
/// come between.
final class ServedStruct<R extends Record> implements Struct<R> {
  private final RecordFields<R> fields;
  private final ServedValue<R> value;

  @SuppressWarnings("unchecked") // the class of an R that is final
  ServedStruct(R initial) {
    this.fields = new RecordFields<>((Class<R>) initial.getClass());
    this.value = new ServedValue<>(initial);
  }

  @Override
  public R get() {
    return value.get();
  }

  @Override
  public void set(R newValue) {
    value.set(Require.notNull("newValue", newValue));
  }

  @Override
  public R update(SerializableFunction<? super R, ? extends R> change) {
    return value.update(old -> Objects.requireNonNull(change.apply(old), "a struct is a record"));
  }

  @Override
  public boolean compareAndSet(R expected, R newValue) {
    return value.compareAndSet(expected, Require.notNull("newValue", newValue));
  }

  @Override
  public @Nullable Object get(String field) {
    return fields.get(value.get(), field);
  }

  @Override
  public void set(String field, @Nullable Object newValue) {
    value.refuseWithin("set");
    while (true) {
      R before = value.get();
      if (value.swap(before, fields.with(before, field, newValue))) {
        return;
      }
    }
  }

  @Override
  public Object getAndAdd(String field, Object delta) {
    value.refuseWithin("getAndAdd");
    while (true) {
      R before = value.get();
      Object old = fields.get(before, field);
      Object sum = fields.sum(field, old, delta);
      if (value.swap(before, fields.with(before, field, sum))) {
        return Objects.requireNonNull(old); // a number
      }
    }
  }

  @Override
  public boolean compareAndSet(String field, @Nullable Object expected, @Nullable Object newValue) {
    value.refuseWithin("compareAndSet");
    fields.requireType(field, newValue);
    while (true) {
      R before = value.get();
      if (!Objects.equals(fields.get(before, field), expected)) {
        return false;
      }
      if (value.swap(before, fields.with(before, field, newValue))) {
        return true;
      }
    }
  }

  @Override
  public String toString() {
    return "ManagedStruct[" + value.get() + "]";
  }
}
