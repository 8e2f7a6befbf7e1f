package io.procession.manager;

import io.procession.serial.SerializableFunction;
import io.procession.shared.Value;
import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A value at the server. Its monitor guards it.
final class ServedValue<T extends @Nullable Object> implements Value<T>, Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // one that is not cannot be sent, and says so
  private T value;

  ServedValue(T value) {
    this.value = value;
  }

  @Override
  public synchronized T get() {
    return value;
  }

  @Override
  public synchronized void set(T newValue) {
    value = newValue;
  }

  @Override
  public synchronized T update(SerializableFunction<? super T, ? extends T> change) {
    try {
      value = change.apply(value);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException("the change has failed, and the value is as it was", e);
    }
    return value;
  }

  @Override
  public synchronized boolean compareAndSet(T expected, T newValue) {
    if (!Objects.equals(value, expected)) {
      return false;
    }
    value = newValue;
    return true;
  }

  @Override
  public synchronized String toString() {
    return "ManagedValue[" + value + "]";
  }
}
