package io.procession.pool;

import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Lets the contexts of a pool go with its tasks.
final class Contexts {
  private final TaskContext<?>[] contexts;

  Contexts(List<TaskContext<?>> contexts) {
    this.contexts = contexts.toArray(new TaskContext<?>[0]);
  }

  boolean isEmpty() {
    return contexts.length == 0;
  }

  /// The task, with what the contexts take from this thread.
  <R extends @Nullable Object> SerializableCallable<R> carry(SerializableCallable<R> task) {
    if (contexts.length == 0) {
      return task;
    }
    TaskContext<?>[] all = contexts;
    @Nullable Object[] captured = capture();
    return () -> call(all, captured, 0, task);
  }

  /// The function, with what the contexts take from this thread.
  <A extends @Nullable Object, R extends @Nullable Object> SerializableFunction<A, R> carry(
      SerializableFunction<A, R> function) {
    if (contexts.length == 0) {
      return function;
    }
    TaskContext<?>[] all = contexts;
    @Nullable Object[] captured = capture();
    return argument -> call(all, captured, 0, () -> function.apply(argument));
  }

  private @Nullable Object[] capture() {
    List<@Nullable Object> captured = new ArrayList<>();
    for (TaskContext<?> context : contexts) {
      captured.add(context.capture());
    }
    return captured.toArray();
  }

  @SuppressWarnings("unchecked") // it was captured by that context
  private static <R extends @Nullable Object> R call(
      TaskContext<?>[] contexts, @Nullable Object[] captured, int from, Callable<R> task)
      throws Exception {
    if (from == contexts.length) {
      return task.call();
    }
    TaskContext<@Nullable Object> context = (TaskContext<@Nullable Object>) contexts[from];
    return context.call(captured[from], () -> call(contexts, captured, from + 1, task));
  }
}
