package io.procession.pool;

import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.serial.SerializableTriFunction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Worker processes that run tasks: a pool of this process ([ProcessPool]), or one of a manager's server,
/// whose workers all processes share that have it.
///
/// ```java
/// static List<Integer> squares(TaskPool pool, List<Integer> numbers) {
///   return pool.map(x -> x * x, numbers);
/// }
/// ```
///
/// Functions, arguments and results must be serializable; what cannot be sent fails in the caller, with
/// [NotSendableException], before anything is sent. What a task throws fails that task: see
/// [TaskException]. A call that waits ends when its thread is interrupted: with a
/// [CancellationException], the thread stays interrupted, and what runs of the call is stopped. Each call
/// to a pool of a manager throws [ProcessException][io.procession.process.ProcessException] if the
/// server has ended.
///
/// Safe for all threads.
public interface TaskPool extends AutoCloseable {
  /// Runs a task in a worker and waits for its result.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the result
  /// @throws TaskException if the task failed
  /// @throws NotSendableException if the task cannot be sent
  /// @throws CancellationException if the thread is interrupted, or the pool terminated
  /// @throws IllegalStateException if the pool is closed
  <R extends @Nullable Object> R apply(SerializableCallable<R> task);

  /// Runs a task without a result in a worker and waits for its end.
  ///
  /// @param task the task
  /// @throws TaskException if the task failed
  /// @throws NotSendableException if the task cannot be sent
  /// @throws CancellationException if the thread is interrupted, or the pool terminated
  /// @throws IllegalStateException if the pool is closed
  default void apply(SerializableRunnable task) {
    Void _ = apply(Calls.callable(task));
  }

  /// Applies a function in a worker and waits for the result.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the result
  /// @throws TaskException if the task failed
  /// @throws NotSendableException if the function or the argument cannot be sent
  /// @throws CancellationException if the thread is interrupted, or the pool terminated
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument);

  /// Gives a task to the workers and returns at once.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  default <R extends @Nullable Object> TaskResult<R> applyAsync(SerializableCallable<R> task) {
    return applyAsync(TaskOptions.defaults(), task);
  }

  /// Gives a task without a result to the workers and returns at once.
  ///
  /// @param task the task
  /// @return a future that yields null when it is done
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  default TaskResult<@Nullable Void> applyAsync(SerializableRunnable task) {
    return applyAsync(Calls.callable(task));
  }

  /// Gives a function and its argument to the workers and returns at once.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the function or the argument cannot be sent
  /// @throws IllegalStateException if the pool is closed
  default <A extends @Nullable Object, R extends @Nullable Object> TaskResult<R> applyAsync(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    return applyAsync(TaskOptions.defaults(), function, argument);
  }

  /// Gives a task to the workers and returns at once.
  ///
  /// @param options how this task is to be treated
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <R extends @Nullable Object> TaskResult<R> applyAsync(
      TaskOptions options, SerializableCallable<R> task);

  /// Gives a task without a result to the workers and returns at once.
  ///
  /// @param options how this task is to be treated
  /// @param task the task
  /// @return a future that yields null when it is done
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  default TaskResult<@Nullable Void> applyAsync(TaskOptions options, SerializableRunnable task) {
    return applyAsync(options, Calls.callable(task));
  }

  /// Gives a function and its argument to the workers and returns at once.
  ///
  /// @param options how this task is to be treated
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the function or the argument cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> TaskResult<R> applyAsync(
      TaskOptions options, SerializableFunction<? super A, ? extends R> function, A argument);

  /// Applies a function to each input and waits for all results.
  ///
  /// The inputs are cut into chunks, whose sizes are adapted to how long the function is seen to take:
  /// large ones of quick elements, single ones of slow elements, smaller ones towards the end.
  ///
  /// A collection is taken as it is now. Other inputs are read by this thread, a few chunks ahead of
  /// the results, or all of them first if the pool is a manager's; an exception of their iterator ends the
  /// map and reaches the caller.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException if the function failed for one of them: no more chunks are begun then
  /// @throws NotSendableException if the function or an input cannot be sent: no more chunks are
  ///     begun then
  /// @throws CancellationException if the thread is interrupted, or the pool terminated
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs);

  /// Applies a function to each input and waits for all results, with chunks of one size.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException if the function failed for one of them: no more chunks are begun then
  /// @throws NotSendableException if the function or an input cannot be sent: no more chunks are
  ///     begun then
  /// @throws CancellationException if the thread is interrupted, or the pool terminated
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize);

  /// Applies a function of two arguments to the first of each inputs, to the second of each, and so on
  /// to the end of the shorter ones, and waits for all results: Python's `starmap` over a `zip`.
  ///
  /// @param function the function
  /// @param first its first arguments
  /// @param second its second arguments
  /// @param <A> the type of the first arguments
  /// @param <B> the type of the second arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException as [#map(SerializableFunction, Iterable)] does, and whatever else that
  ///     throws
  <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableBiFunction<? super A, ? super B, ? extends R> function,
      Iterable<? extends A> first,
      Iterable<? extends B> second);

  /// Applies a function of three arguments to the first of each inputs, to the second of each, and so
  /// on to the end of the shortest ones, and waits for all results.
  ///
  /// @param function the function
  /// @param first its first arguments
  /// @param second its second arguments
  /// @param third its third arguments
  /// @param <A> the type of the first arguments
  /// @param <B> the type of the second arguments
  /// @param <C> the type of the third arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException as [#map(SerializableFunction, Iterable)] does, and whatever else that
  ///     throws
  <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> map(
          SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          Iterable<? extends C> third);

  /// Applies a function to each input. The inputs are read before this returns, and sent by and by.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the future of the results in the order of the inputs; a [TaskException] if the function
  ///     fails for one of them
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent; of a
  ///     later one the future tells
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> TaskResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs);

  /// Applies a function to each input, with chunks of one size. The inputs are read before this
  /// returns, and sent by and by.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the future of the results in the order of the inputs; a [TaskException] if the function
  ///     fails for one of them
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent; of a
  ///     later one the future tells
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> TaskResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize);

  /// Applies a function of two arguments to the first of each inputs, to the second of each, and so on
  /// to the end of the shorter ones. The inputs are read before this returns, and sent by and by.
  ///
  /// @param function the function
  /// @param first its first arguments
  /// @param second its second arguments
  /// @param <A> the type of the first arguments
  /// @param <B> the type of the second arguments
  /// @param <R> the type of the results
  /// @return the future of the results, as of [#mapAsync(SerializableFunction, Iterable)]
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent; of a
  ///     later one the future tells
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskResult<List<R>> mapAsync(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second);

  /// Applies a function of three arguments to the first of each inputs, to the second of each, and so
  /// on to the end of the shortest ones. The inputs are read before this returns, and sent by and by.
  ///
  /// @param function the function
  /// @param first its first arguments
  /// @param second its second arguments
  /// @param third its third arguments
  /// @param <A> the type of the first arguments
  /// @param <B> the type of the second arguments
  /// @param <C> the type of the third arguments
  /// @param <R> the type of the results
  /// @return the future of the results, as of [#mapAsync(SerializableFunction, Iterable)]
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent; of a
  ///     later one the future tells
  /// @throws IllegalStateException if the pool is closed
  <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskResult<List<R>> mapAsync(
          SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          Iterable<? extends C> third);

  /// Applies a function to each input, and gives the results in the order of the inputs.
  ///
  /// The inputs are read while the results are taken, some chunks for each worker ahead of them, so
  /// there may be more than memory holds; those for a manager's pool are all read before this returns.
  /// What they throw is thrown in its place, after the results of those before (a manager's pool: here).
  /// Chunks are adapted to how long the function takes.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in the order of the inputs
  /// @throws NotSendableException if the function cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs);

  /// Applies a function to each input, with chunks of one size, and gives the results in the order of
  /// the inputs.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in the order of the inputs
  /// @throws NotSendableException if the function cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize);

  /// Applies a function to each input, and gives the results as they come.
  ///
  /// The inputs are read while the results are taken, some chunks for each worker ahead of them, so
  /// there may be more than memory holds; those for a manager's pool are all read before this returns.
  /// What they throw is thrown in its place, after the results of those before (a manager's pool: here).
  /// Chunks are adapted to how long the function takes.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in no particular order
  /// @throws NotSendableException if the function cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs);

  /// Applies a function to each input, with chunks of one size, and gives the results as they come.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in no particular order
  /// @throws NotSendableException if the function cannot be sent
  /// @throws IllegalStateException if the pool is closed
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize);

  /// How many workers it has at a time.
  ///
  /// @return the number
  int processes();

  /// Takes no more tasks, and returns at once. The workers end when all that were submitted are done.
  /// A pool that is shut down, or closed, is so for good; to do it again does nothing.
  void shutdown();

  /// Waits until the pool has ended: all tasks are done, their callbacks have run, and the workers are
  /// gone.
  ///
  /// @throws InterruptedException if the thread is interrupted; the pool goes on ending
  /// @throws IllegalStateException if the pool has been neither shut down nor closed nor terminated
  void join() throws InterruptedException;

  /// Waits until the pool has ended, but not longer than a limit.
  ///
  /// @param limit how long to wait; not at all if it is not positive
  /// @return whether it has ended
  /// @throws InterruptedException if the thread is interrupted; the pool goes on ending
  /// @throws IllegalStateException if the pool has been neither shut down nor closed nor terminated
  boolean join(Duration limit) throws InterruptedException;

  /// Takes no more tasks, waits until all that were submitted are done and their callbacks have run,
  /// and ends the workers.
  ///
  /// A thread that is interrupted meanwhile terminates the pool, and stays interrupted. To close it
  /// again does nothing but wait.
  @Override
  void close();

  /// Ends the workers now and waits for their end. Tasks that are not done fail with
  /// [CancellationException].
  void terminate();
}
