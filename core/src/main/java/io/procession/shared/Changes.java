package io.procession.shared;

import io.procession.serial.SerializableFunction;
import java.util.concurrent.CompletionException;

/// Runs what users hand in to change a value.
final class Changes {
  private Changes() {}

  /// What a function makes of a value.
  ///
  /// @throws CompletionException if it throws a checked exception
  static <T> T apply(SerializableFunction<? super T, ? extends T> change, T old) {
    try {
      return change.apply(old);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException("the change has failed, and the value is as it was", e);
    }
  }
}
