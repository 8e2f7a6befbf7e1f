package io.procession.pool;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The results of `imap`, in the order of the inputs, or of `imapUnordered`, each as soon as it is
/// there.
///
/// There is one outcome for each input: a result, or an exception from [#next], after which the
/// next outcome can be had.
///
/// Inputs are sent to the workers as results are taken, a bounded number ahead of them. So workers have
/// nothing to do while nobody takes results. In order, a slow input holds up the results behind it, and in
/// the end those that could be begun. Of a [ProcessPool] the thread that asks for results also reads the
/// inputs, so neither inputs nor results are ever all in memory. An exception of the inputs' own iterator
/// comes in its place: after the outcomes of all inputs that were read before, and then nothing comes. An
/// error of theirs, and an interrupt, reach the caller at once and close this.
///
/// To close it takes back what no worker has begun, and stops what runs; one that was read to its end
/// need not be closed.
///
/// Not for use by several threads at once.
///
/// @param <R> the type of the results
public interface ResultIterator<R extends @Nullable Object> extends Iterator<R>, AutoCloseable {
  /// True if more results are to come. Does not wait for one, but may read an input.
  @Override
  boolean hasNext();

  /// Waits for a result.
  ///
  /// @return the next result
  /// @throws TaskException if the task of one input failed
  /// @throws java.util.NoSuchElementException if there are no more
  /// @throws CancellationException if the thread is interrupted while it waits, and stays so: this
  ///     is closed then; or if the pool was terminated
  /// @throws io.procession.serial.NotSendableException if one input cannot be sent
  /// @throws IllegalStateException once, after the last result, if the pool was closed before all
  ///     inputs had been sent
  /// @throws RuntimeException once, after the last result, whatever else the inputs' iterator has thrown
  @Override
  R next();

  /// Waits for a result, but not longer than a limit. Nothing is lost when the limit is reached: the
  /// result is had by a later call. The time that the inputs' own iterator takes is not limited.
  ///
  /// @param limit how long to wait; none if it is not positive
  /// @return the next result
  /// @throws TimeoutException if there is none by then
  /// @throws TaskException as [#next] does, and whatever else that throws
  R next(Duration limit) throws TimeoutException;

  /// Takes back what no worker has begun, stops what runs as [TaskResult#cancel] does with `true`,
  /// and forgets the rest. Does not wait for that.
  @Override
  void close();
}
