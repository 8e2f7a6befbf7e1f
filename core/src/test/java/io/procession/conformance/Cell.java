package io.procession.conformance;

import io.procession.manager.ManagedValue;
import io.procession.serial.SerializableFunction;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import java.io.Serializable;

/// A value or a struct of any way of running.
interface Cell<T> extends Serializable {
  T get();

  void set(T value);

  /// Changes it in one step that nobody's other comes between.
  T update(SerializableFunction<T, T> change);

  record Value<T>(SharedValue<T> it) implements Cell<T> {
    @Override
    public T get() {
      return it.get();
    }

    @Override
    public void set(T value) {
      it.set(value);
    }

    @Override
    public T update(SerializableFunction<T, T> change) {
      return it.withLock(now -> applied(change, now));
    }
  }

  record Struct<T extends Record>(SharedStruct<T> it) implements Cell<T> {
    @Override
    public T get() {
      return it.get();
    }

    @Override
    public void set(T value) {
      it.set(value);
    }

    @Override
    public T update(SerializableFunction<T, T> change) {
      return it.withLock(now -> applied(change, now));
    }
  }

  record Managed<T>(ManagedValue<T> it) implements Cell<T> {
    @Override
    public T get() {
      return it.get();
    }

    @Override
    public void set(T value) {
      it.set(value);
    }

    @Override
    public T update(SerializableFunction<T, T> change) {
      return it.update(change);
    }
  }

  private static <T> T applied(SerializableFunction<T, T> change, T now) {
    try {
      return change.apply(now);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
