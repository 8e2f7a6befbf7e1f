package io.procession.serial;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A function of three arguments that another process can apply: serializable, and free to throw.
///
/// @param <A> the type of the first argument
/// @param <B> the type of the second argument
/// @param <C> the type of the third argument
/// @param <R> the type of the result
@FunctionalInterface
public interface SerializableTriFunction<
        A extends @Nullable Object,
        B extends @Nullable Object,
        C extends @Nullable Object,
        R extends @Nullable Object>
    extends Serializable {

  /// Applies the function.
  ///
  /// @param first the first argument
  /// @param second the second argument
  /// @param third the third argument
  /// @return the result
  /// @throws Exception whatever the function throws
  R apply(A first, B second, C third) throws Exception;
}
