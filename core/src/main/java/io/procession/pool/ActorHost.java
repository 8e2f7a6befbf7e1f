package io.procession.pool;

import io.procession.internal.call.MethodTable;
import io.procession.internal.posix.LocalProcess;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The object of an actor in its worker.
final class ActorHost {
  /// What each call runs there.
  static final SerializableFunction<@Nullable Object[], @Nullable Object> CALL = ActorHost::call;

  private static volatile @Nullable ActorHost ofJvm;

  private final Object object;
  private final MethodTable methods;

  private ActorHost(Object object, MethodTable methods) {
    this.object = object;
    this.methods = methods;
  }

  /// What the worker runs first.
  ///
  /// @param first what every worker of the pool runs before that, null for nothing
  static <T> SerializableRunnable opening(
      @Nullable SerializableRunnable first,
      Class<T> type,
      SerializableCallable<? extends T> factory) {
    return () -> {
      if (first != null) {
        first.run();
      }
      T object = Objects.requireNonNull(factory.call(), "the factory of an actor has made nothing");
      Worker.local(ActorHost.class, () -> object); // closed with the worker, if it can be
      begin(new ActorHost(object, new MethodTable(type, null)));
    };
  }

  private static void begin(ActorHost host) {
    LocalProcess here = LocalProcess.current();
    if (here == null) {
      ofJvm = host;
    } else {
      here.put(ActorHost.class, host);
    }
  }

  private static @Nullable ActorHost here() {
    LocalProcess here = LocalProcess.current();
    return here == null ? ofJvm : here.find(ActorHost.class);
  }

  /// @param words the method's word, and its arguments
  private static @Nullable Object call(@Nullable Object[] words) throws Exception {
    ActorHost host = Objects.requireNonNull(here(), "no actor lives here");
    String word = String.valueOf(words[0]);
    @Nullable Object[] arguments = Arrays.copyOfRange(words, 1, words.length);
    Method method = host.methods.find(word, arguments.length);
    if (method == null) {
      throw new NoSuchMethodException(word);
    }
    Object value;
    try {
      value = MethodTable.invoke(method, host.object, arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ExecutionException(e);
    }
    return isAsynchronous(method) ? await(value) : value;
  }

  /// Whether a caller does not wait for a method.
  static boolean isAsynchronous(Method method) {
    Class<?> type = method.getReturnType();
    return type.isAssignableFrom(AsyncResult.class)
        && (Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type));
  }

  private static @Nullable Object await(@Nullable Object value) throws Exception {
    Future<?> future =
        switch (value) {
          case CompletionStage<?> stage -> stage.toCompletableFuture();
          case Future<?> other -> other;
          case null, default -> null;
        };
    try {
      return future == null ? null : future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
