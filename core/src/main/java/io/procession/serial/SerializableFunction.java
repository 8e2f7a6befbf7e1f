package io.procession.serial;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A function that another process can apply: serializable, and free to throw.
///
/// @param <A> the type of the argument
/// @param <R> the type of the result
@FunctionalInterface
public interface SerializableFunction<A extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {

  /// Applies the function.
  ///
  /// @param argument the argument
  /// @return the result
  /// @throws Exception whatever the function throws
  R apply(A argument) throws Exception;
}
