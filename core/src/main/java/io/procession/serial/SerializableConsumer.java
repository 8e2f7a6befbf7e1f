package io.procession.serial;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// An action on one argument that another process can run: serializable, and free to throw.
///
/// @param <A> the type of the argument
@FunctionalInterface
public interface SerializableConsumer<A extends @Nullable Object> extends Serializable {

  /// Runs the action.
  ///
  /// @param argument the argument
  /// @throws Exception whatever the action throws
  void accept(A argument) throws Exception;
}
