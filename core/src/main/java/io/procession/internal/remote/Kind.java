package io.procession.internal.remote;

import io.procession.internal.call.MethodTable;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A type as its server knows it: what was registered, and the methods that this comes to.
record Kind(ServedType served, MethodTable methods) {

  static Kind of(ServedType served) {
    return new Kind(served, new MethodTable(served.type(), served.exposed()));
  }

  String name() {
    return served.name();
  }

  /// Whether callers of both have the same methods.
  boolean shows(Kind other) {
    return served.type() == other.served.type()
        && Objects.equals(served.exposed(), other.served.exposed());
  }

  /// The method that goes by a word.
  ///
  /// @throws RequestException if none of that name and that many arguments is exposed
  Method find(String word, @Nullable Object[] arguments) throws RequestException {
    Method method = methods.find(word, arguments.length);
    if (method == null) {
      throw new RequestException(
          "not exposed: method="
              + word
              + ", arguments="
              + arguments.length
              + ", type="
              + served.type().getName());
    }
    return method;
  }
}
