package io.procession.internal.remote;

import io.procession.internal.call.MethodTable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// What a dynamic proxy does with a call: sends it to the server, default methods too.
final class StubCalls implements InvocationHandler {
  private static final @Nullable Object[] NOTHING = {};

  private final Class<?> type;
  private final RemoteReference reference;
  private final MethodTable methods;

  StubCalls(Class<?> type, RemoteReference reference, MethodTable methods) {
    this.type = type;
    this.reference = reference;
    this.methods = methods;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    @Nullable Object[] arguments = given == null ? NOTHING : given;
    if (method.getDeclaringClass() == Remote.class) {
      return reference;
    }
    if (method.getDeclaringClass() == Departing.class) {
      return reference.departing();
    }
    if (MethodTable.isLikeObjects(method)) {
      return switch (method.getName()) {
        case "equals" -> reference.isEqualTo(arguments[0]);
        case "hashCode" -> reference.hash();
        default -> reference.describe();
      };
    }
    MethodTable.Call call = methods.call(method);
    try {
      return reference.invoke(call.word(), arguments, call.isInterruptible());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      if (call.thrown().stream().anyMatch(known -> known.isInstance(e))) {
        throw e;
      }
      throw ServerLink.failed(method.getName() + " of " + reference, e);
    }
  }

  @Override
  public String toString() {
    return type.getName() + " as " + reference;
  }
}
