package io.procession.manager;

import io.procession.serial.SerializableFunction;
import io.procession.shared.Value;
import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A value at the server. Its monitor guards it.
///
/// A function of a caller runs without the monitor, so others read and write meanwhile, even if it never
/// returns; what it computes counts if the value is still the same object, otherwise it runs again
/// ([Holding] is for one that would do so without end). Two do not run at a time, since a function may
/// change the object that it is given: they wait for `turn`, and who has died waits no more. A function that
/// sets its own value would run again and again by that, and is refused.
final class ServedValue<T extends @Nullable Object> implements Value<T>, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient ReentrantLock turn = new ReentrantLock();

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
  public void set(T newValue) {
    refuseWithin("set");
    synchronized (this) {
      value = newValue;
    }
  }

  /// @throws IllegalStateException if a function that computes this value calls it
  void refuseWithin(String method) {
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a change of a value must return the new one, not set it: called within update="
              + method
              + "; let the function compute it of what it is given");
    }
  }

  @Override
  public T update(SerializableFunction<? super T, ? extends T> change) {
    refuseWithin("update");
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("nobody waits for this change any more");
    }
    try {
      return changed(old -> applied(change, old));
    } finally {
      turn.unlock();
    }
  }

  private static <T extends @Nullable Object> T applied(
      SerializableFunction<? super T, ? extends T> change, T old) {
    try {
      return change.apply(old);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException("the change has failed, and the value is as it was", e);
    }
  }

  private T changed(UnaryOperator<T> change) {
    for (int i = 0; i < Holding.TRIES; i++) {
      T before = get();
      T after = change.apply(before);
      if (swap(before, after)) {
        return after;
      }
    }
    return Holding.alone(() -> changedAlone(change));
  }

  private synchronized T changedAlone(UnaryOperator<T> change) {
    value = change.apply(value);
    return value;
  }

  /// Writes the value if it is still this object.
  @SuppressWarnings("ReferenceEquality") // an equal one would have to be asked
  synchronized boolean swap(T before, T after) {
    if (value != before) {
      return false;
    }
    value = after;
    return true;
  }

  @Override
  public boolean compareAndSet(T expected, T newValue) {
    refuseWithin("compareAndSet");
    T before = get();
    while (Objects.equals(before, expected)) {
      if (swap(before, newValue)) {
        return true;
      }
      before = get();
    }
    return false;
  }

  @Override
  public String toString() {
    return "ManagedValue[" + get() + "]";
  }

  private Object readResolve() {
    return new ServedValue<>(value); // with a turn
  }
}
