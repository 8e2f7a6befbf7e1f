package io.procession.pool;

import io.procession.internal.call.MethodTable;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// What the proxy of an actor does with a call: sends it to the worker in which the object lives.
final class ActorCalls implements InvocationHandler, Serializable {
  private static final long serialVersionUID = 1L;

  private final String actor;
  private final transient MethodTable methods;
  private final transient Dispatcher dispatcher;
  private final transient Codec codec;
  private final transient CallbackLane callbacks;
  private final transient Contexts contexts;
  private final transient FunctionBytes function;

  ActorCalls(
      String actor,
      Class<?> type,
      Dispatcher dispatcher,
      Codec codec,
      CallbackLane callbacks,
      Contexts contexts) {
    this.actor = actor;
    this.methods = new MethodTable(type, null);
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.callbacks = callbacks;
    this.contexts = contexts;
    this.function = new FunctionBytes(codec, ActorHost.CALL);
  }

  /// Called by whoever wants to send it.
  private Object writeReplace() {
    throw new IllegalStateException(
        "an actor can be called only in the process that has made it, and its proxy cannot be sent:"
            + " actor="
            + actor
            + "; let a manager hold what several processes call");
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is nothing but itself
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    if (MethodTable.isLikeObjects(method)) {
      return switch (method.getName()) {
        case "equals" -> given != null && proxy == given[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> actor;
      };
    }
    MethodTable.Call call = methods.call(method);
    int count = given == null ? 0 : given.length;
    @Nullable Object[] words = new @Nullable Object[count + 1];
    words[0] = call.word();
    if (given != null) {
      System.arraycopy(given, 0, words, 1, count);
    }
    long id = dispatcher.nextId();
    ByteSink message =
        contexts.isEmpty()
            ? TaskLayout.apply(id, function, codec, words)
            : TaskLayout.apply(id, codec, contexts.carry(ActorHost.CALL), words, TaskLayout.open());
    try {
      return ActorHost.isAsynchronous(method)
          ? AsyncResult.of(callbacks, dispatcher, codec, id, message, null, null)
          : run(new ApplyJob(id, message), call.isInterruptible());
    } catch (TaskException e) {
      throw failure(method, call.thrown(), e);
    } catch (CancellationException e) {
      throw e; // the caller was interrupted
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  private @Nullable Object run(ApplyJob job, boolean isInterruptible) throws InterruptedException {
    try {
      return job.run(dispatcher).value(codec);
    } catch (InterruptedException e) {
      dispatcher.cancel(job);
      if (isInterruptible) {
        throw e;
      }
      Thread.currentThread().interrupt();
      throw Maps.interrupted(actor);
    } catch (CancellationException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// What a caller is told whose call has failed: what the method threw, as if it had been called
  /// here.
  private Throwable failure(Method method, List<Class<?>> declared, TaskException failed) {
    Throwable cause = failed.getCause();
    String what = method.getName() + " of " + actor;
    if (cause instanceof WorkerDiedException || cause instanceof TaskTimeoutException) {
      return died(what, cause, failed);
    }
    if (cause == null) {
      return failed;
    }
    boolean isExpected =
        cause instanceof RuntimeException
            || cause instanceof Error
            || declared.stream().anyMatch(type -> type.isInstance(cause));
    if (!isExpected) {
      return new RemoteCallException(what + " threw " + cause, cause);
    }
    cause.addSuppressed(failed(what, failed)); // the caller's stack, and which worker it was
    return cause;
  }

  private static RemoteCallException failed(String what, TaskException failed) {
    RemoteCallException here = new RemoteCallException(what + ": " + failed.getMessage(), null);
    here.setStackTrace(failed.getStackTrace());
    return here;
  }

  private static RuntimeException died(String what, Throwable cause, TaskException failed) {
    @Nullable ProcessException died =
        switch (cause) {
          case WorkerDiedException death ->
              new ProcessException(what + ": " + failed.getMessage(), death.certificate());
          case TaskTimeoutException late when late.certificate().isPresent() ->
              new ProcessException(
                  what + ": " + failed.getMessage(), late.certificate().orElseThrow());
          default -> null;
        };
    if (died == null) {
      return cause instanceof RuntimeException late ? late : failed;
    }
    died.initCause(cause);
    return died;
  }

  private RuntimeException closed(IllegalStateException problem) {
    Throwable cause = problem.getCause();
    String message = String.valueOf(problem.getMessage());
    if (cause instanceof WorkerDiedException death) {
      ProcessException died = new ProcessException(message, death.certificate());
      died.initCause(cause);
      return died;
    }
    return cause == null || cause instanceof CancellationException
        ? new IllegalStateException(actor + " takes no more calls: " + message, cause)
        : new ProcessException(message, cause);
  }
}
