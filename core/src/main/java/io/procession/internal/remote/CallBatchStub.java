package io.procession.internal.remote;

import io.procession.internal.call.MethodTable;
import io.procession.internal.check.Require;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a method of an object means within a batch: it is recorded, and returns nothing yet.
///
/// Methods of the JDK's collections that need several calls, or work on what their caller has, cannot
/// be had so. Of an interface of the user's own each method is one call.
public final class CallBatchStub implements InvocationHandler {
  private static final @Nullable Object[] NOTHING = {};

  private static final Set<String> NOT_ONE_CALL =
      Set.of(
          "drainTo",
          "entrySet",
          "forEach",
          "iterator",
          "keySet",
          "listIterator",
          "parallelStream",
          "reversed",
          "spliterator",
          "stream",
          "subList",
          "values");

  private final RemoteReference object;
  private final MethodTable methods;
  private final CallBatch batch;
  private final Supplier<CallBatch.Outcome> recorded;
  private final Sender sender;

  /// Sends a batch that is full.
  public interface Sender {
    /// Sends it.
    void send();
  }

  private CallBatchStub(
      RemoteReference object,
      MethodTable methods,
      CallBatch batch,
      Supplier<CallBatch.Outcome> recorded,
      Sender sender) {
    this.object = object;
    this.methods = methods;
    this.batch = batch;
    this.recorded = recorded;
    this.sender = sender;
  }

  /// A stub whose methods are recorded.
  ///
  /// @param object the object
  /// @param recorded asked at each call for whom to tell what becomes of it
  /// @param sender what to do when the batch is full
  public static Object of(
      RemoteReference object,
      CallBatch batch,
      Supplier<CallBatch.Outcome> recorded,
      Sender sender) {
    StubMaker maker = object.link().maker(object.type());
    return Proxy.newProxyInstance(
        maker.type().getClassLoader(),
        new Class<?>[] {maker.type()},
        new CallBatchStub(object, maker.methods(), batch, recorded, sender));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // of a stand-in that has no equality of its own
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) {
    if (method.getDeclaringClass() == Object.class || MethodTable.isLikeObjects(method)) {
      return switch (method.getName()) {
        case "equals" -> given != null && given[0] == proxy;
        case "hashCode" -> System.identityHashCode(proxy);
        default -> object + " within a pipeline";
      };
    }
    if (method.getDeclaringClass().getName().startsWith("java.util.") && !isOneCall(method)) {
      throw new UnsupportedOperationException(
          "not one call, so it cannot be part of a pipeline: method="
              + method.getName()
              + "; call it before or after");
    }
    String word = methods.call(method).word();
    @Nullable Object[] arguments = given == null ? NOTHING : given;
    if (method.isAnnotationPresent(CastHere.class)) {
      int last = arguments.length - 1;
      Class<?> type = (Class<?>) Require.notNull("type", arguments[last]);
      CallBatch.Outcome cast = casting(type, recorded.get());
      batch.add(object, word, Arrays.copyOf(arguments, last), cast, sender);
    } else {
      batch.add(object, word, arguments, recorded.get(), sender);
    }
    return nothing(method.getReturnType());
  }

  private static CallBatch.Outcome casting(Class<?> type, CallBatch.Outcome outcome) {
    return (result, thrown) -> {
      Object cast;
      try {
        cast = type.cast(result);
      } catch (ClassCastException e) {
        outcome.settle(null, e);
        return;
      }
      outcome.settle(cast, thrown);
    };
  }

  private static boolean isOneCall(Method method) {
    boolean isTyped = method.getName().equals("toArray") && method.getParameterCount() > 0;
    return !isTyped && !NOT_ONE_CALL.contains(method.getName());
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (!type.isPrimitive() || type == void.class) {
      return null;
    }
    return java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0);
  }
}
