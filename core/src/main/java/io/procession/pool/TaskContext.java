package io.procession.pool;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Takes something from the thread that submits a task to the one that runs it in a worker: a trace
/// id, a diagnostic context of a logging framework, a [ScopedValue].
///
/// ```java
/// record TraceContext() implements TaskContext<String> {
///   @Override
///   public String capture() {
///     return Trace.current();
///   }
///
///   @Override
///   public <R> R call(String trace, Callable<R> task) throws Exception {
///     return ScopedValue.where(Trace.ID, trace).call(task::call);
///   }
/// }
/// ```
///
/// It is sent to the workers with each task, so it should have no fields, or few. For maps it is
/// asked once, by the thread that calls `map`, `imap` or begins the stream, and set around each
/// element. What it throws in `capture` reaches the submitter; what it throws in `call` fails the
/// task.
///
/// @param <C> what is taken along, which must be serializable
public interface TaskContext<C extends @Nullable Object> extends Serializable {
  /// Takes what there is in the calling thread, which is about to submit a task.
  ///
  /// @return what goes along, may be null
  C capture();

  /// Runs the task with that, in the worker's thread, and puts back what there was.
  ///
  /// @param captured what was taken
  /// @param task the task, to be called once
  /// @param <R> the type of its result
  /// @return its result
  /// @throws Exception what it throws
  <R extends @Nullable Object> R call(C captured, Callable<R> task) throws Exception;
}
