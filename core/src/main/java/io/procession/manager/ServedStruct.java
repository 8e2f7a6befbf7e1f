package io.procession.manager;

import io.procession.serial.SerializableFunction;
import io.procession.shared.Struct;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A record at the server. Its monitor guards it.
final class ServedStruct<R extends Record> implements Struct<R> {
  private final RecordFields<R> fields;
  private final ServedValue<R> value;

  @SuppressWarnings("unchecked") // the class of an R that is final
  ServedStruct(R initial) {
    this.fields = new RecordFields<>((Class<R>) initial.getClass());
    this.value = new ServedValue<>(initial);
  }

  @Override
  public synchronized R get() {
    return value.get();
  }

  @Override
  public synchronized void set(R newValue) {
    value.set(Objects.requireNonNull(newValue, "newValue"));
  }

  @Override
  public synchronized R update(SerializableFunction<? super R, ? extends R> change) {
    return value.update(old -> Objects.requireNonNull(change.apply(old), "a struct is a record"));
  }

  @Override
  public synchronized boolean compareAndSet(R expected, R newValue) {
    return value.compareAndSet(expected, Objects.requireNonNull(newValue, "newValue"));
  }

  @Override
  public synchronized @Nullable Object get(String field) {
    return fields.get(value.get(), field);
  }

  @Override
  public synchronized void set(String field, @Nullable Object newValue) {
    value.set(fields.with(value.get(), field, newValue));
  }

  @Override
  public synchronized Object getAndAdd(String field, Object delta) {
    Object before = fields.get(value.get(), field);
    Object after = fields.sum(field, before, delta);
    set(field, after);
    return Objects.requireNonNull(before); // a number
  }

  @Override
  public synchronized boolean compareAndSet(
      String field, @Nullable Object expected, @Nullable Object newValue) {
    fields.requireType(field, newValue);
    if (!Objects.equals(get(field), expected)) {
      return false;
    }
    set(field, newValue);
    return true;
  }

  @Override
  public synchronized String toString() {
    return "ManagedStruct[" + value.get() + "]";
  }
}
