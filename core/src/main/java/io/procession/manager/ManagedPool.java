package io.procession.manager;

import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool of a manager: its workers are processes of the server, and all processes that have the pool
/// share them. Safe for all their threads.
///
/// ```java
/// ManagedPool pool = manager.pool(4);
/// Procession.start(() -> System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)))).join();
/// ```
///
/// Functions, arguments and results go by way of the server: a pool of one's own
/// ([ProcessPool][io.procession.pool.ProcessPool]) is faster. A task that fails throws a
/// [TaskException][io.procession.pool.TaskException], whose cause is what the task threw, with the
/// worker's stack. A caller that dies or is interrupted takes its tasks back: they are stopped. Tasks may
/// use proxies of the manager, and return them.
///
/// The workers end when the pool is closed or terminated, when nobody has the pool or anything of it
/// any more, and with the server, however that ends. Functions are taken of processes of the session
/// only.
public interface ManagedPool extends AutoCloseable {

  /// Runs a task in a worker and waits for its result.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the result
  /// @throws InterruptedException if the thread is interrupted; the task is stopped then
  /// @throws io.procession.pool.TaskException if the task failed
  <R extends @Nullable Object> R apply(SerializableCallable<R> task) throws InterruptedException;

  /// Applies a function in a worker and waits for the result.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the result
  /// @throws InterruptedException if the thread is interrupted; the task is stopped then
  /// @throws io.procession.pool.TaskException if the task failed
  <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument)
      throws InterruptedException;

  /// Gives a task to the workers and returns at once.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return what becomes the result
  <R extends @Nullable Object> ManagedResult<R> applyAsync(SerializableCallable<R> task);

  /// Gives a function and its argument to the workers and returns at once.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return what becomes the result
  <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<R> applyAsync(
      SerializableFunction<? super A, ? extends R> function, A argument);

  /// Applies a function to each input and waits for all results.
  ///
  /// @param function the function
  /// @param inputs its arguments; the collection is sent to the server
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs
  /// @throws InterruptedException if the thread is interrupted; what is not done is stopped then
  /// @throws io.procession.pool.TaskException if the function failed for one of them
  <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs)
      throws InterruptedException;

  /// Applies a function to each input and waits for all results, with chunks of one size.
  ///
  /// @param function the function
  /// @param inputs its arguments; the collection is sent to the server
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs
  /// @throws InterruptedException if the thread is interrupted; what is not done is stopped then
  /// @throws io.procession.pool.TaskException if the function failed for one of them
  <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Collection<? extends A> inputs,
      int chunkSize)
      throws InterruptedException;

  /// Applies a function of two arguments to the first of both inputs, to the second, and so on to the
  /// end of the shorter one, and waits for all results: Python's `starmap` over a `zip`.
  ///
  /// @param function the function
  /// @param first its first arguments
  /// @param second its second arguments
  /// @param <A> the type of the first arguments
  /// @param <B> the type of the second arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs
  /// @throws InterruptedException if the thread is interrupted; what is not done is stopped then
  /// @throws io.procession.pool.TaskException if the function failed for one of them
  <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableBiFunction<? super A, ? super B, ? extends R> function,
      Collection<? extends A> first,
      Collection<? extends B> second)
      throws InterruptedException;

  /// Applies a function to each input and returns at once.
  ///
  /// @param function the function
  /// @param inputs its arguments; the collection is sent to the server
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return what becomes the list of the results
  <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs);

  /// Applies a function to each input, and gives the results in the order of the inputs.
  ///
  /// @param function the function
  /// @param inputs its arguments; the collection is sent to the server
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results: an iterator at the server, of which as many are fetched at a time as are there
  <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imap(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs);

  /// Applies a function to each input, and gives the results as they come.
  ///
  /// @param function the function
  /// @param inputs its arguments; the collection is sent to the server
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results: an iterator at the server, of which as many are fetched at a time as are there
  <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs);

  /// How many workers it has at a time.
  ///
  /// @return the number
  int processes();

  /// Takes no more tasks, and returns at once. The workers end when all that were submitted are done.
  void shutdown();

  /// Takes no more tasks, waits until all that were submitted are done, and ends the workers. Again it
  /// does nothing but wait.
  @Override
  void close();

  /// Ends the workers now and waits for their end. Tasks that are not done fail with
  /// [CancellationException][java.util.concurrent.CancellationException].
  void terminate();

  /// Waits until all tasks are done and the workers are gone.
  ///
  /// @throws InterruptedException if the thread is interrupted; the pool goes on ending
  /// @throws IllegalStateException if the pool has been neither shut down nor closed nor terminated
  void join() throws InterruptedException;

  /// Waits until all tasks are done and the workers are gone, but not longer than a limit.
  ///
  /// @param limit how long to wait
  /// @return whether the pool has ended
  /// @throws InterruptedException if the thread is interrupted; the pool goes on ending
  /// @throws IllegalStateException if the pool has been neither shut down nor closed nor terminated
  boolean join(Duration limit) throws InterruptedException;
}
