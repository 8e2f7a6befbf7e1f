package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.CallBatch;
import io.procession.internal.remote.CallBatchStub;
import io.procession.internal.remote.Remote;
import io.procession.internal.remote.RemoteReference;
import io.procession.internal.remote.ServerLink;
import io.procession.process.RemoteCallException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Calls of objects of one manager that are sent together, in one round trip: see
/// [BaseManager#pipeline].
///
/// ```java
/// manager.pipeline(p -> {
///   p.run(counts, c -> c.put("a", 1));
///   Future<Integer> size = p.call(counts, Map::size);
///   p.run(done, Event::set);
/// });
/// ```
///
/// What the functions get is a recording stand-in of the object: each call of it is recorded, and
/// returns nothing yet (null, 0 or false). The server carries the calls out in the order in which
/// they were recorded, one after the other, on behalf of the calling thread. Other callers' calls may
/// come between.
///
/// **A call that throws does not stop those after it.** Its exception is that of its future; of a call
/// without one, it is thrown when all are done.
///
/// Arguments are copied as they are recorded. What is recorded is sent when the pipeline ends, when
/// there are 1,024 calls or 256 KiB of them, and when a result is asked for.
///
/// A pipeline is used by one thread, as long as [BaseManager#pipeline] runs. The futures stay.
public final class Pipeline {
  private static final int MOST_SUPPRESSED = 16;

  private final ServerLink link;
  private final CallBatch batch;
  private final Thread user = Thread.currentThread();

  private @Nullable PipelineFuture<?> expected;
  private int recorded;
  private @Nullable Throwable failure;
  private boolean isOver;

  /// Records calls.
  @FunctionalInterface
  public interface Body {
    /// Records calls.
    ///
    /// @param pipeline where
    /// @throws InterruptedException if interrupted while a part was sent
    void record(Pipeline pipeline) throws InterruptedException;
  }

  /// Calls methods of an object.
  ///
  /// @param <T> the interface of the object
  @FunctionalInterface
  public interface Calls<T> {
    /// Calls methods of an object.
    ///
    /// @param object a stand-in that records
    /// @throws Exception what such a method declares; it does not happen here
    void on(T object) throws Exception;
  }

  /// Calls one method of an object.
  ///
  /// @param <T> the interface of the object
  /// @param <R> what the method returns
  @FunctionalInterface
  public interface Call<T, R extends @Nullable Object> {
    /// Calls one method of an object.
    ///
    /// @param object a stand-in that records
    /// @return what the stand-in returns, which is nothing yet
    /// @throws Exception what such a method declares; it does not happen here
    R on(T object) throws Exception;
  }

  Pipeline(ServerLink link) {
    this.link = link;
    this.batch = new CallBatch(link);
  }

  /// Records calls whose results nobody wants.
  ///
  /// @param object a proxy of an object of the manager
  /// @param calls calls its methods, as often as it likes
  /// @param <T> the interface of the object
  /// @throws InterruptedException if interrupted while a part was sent
  /// @throws io.procession.serial.NotSendableException if an argument cannot be sent
  /// @throws IllegalArgumentException if it is no proxy of this manager
  public <T> void run(T object, Calls<? super T> calls) throws InterruptedException {
    Require.notNull("calls", calls);
    T stub = stub(object);
    expected = null;
    try {
      calls.on(stub);
    } catch (Exception e) {
      throw unexpected(e);
    }
  }

  /// Records a call.
  ///
  /// @param object a proxy of an object of the manager
  /// @param call calls one of its methods
  /// @param <T> the interface of the object
  /// @param <R> what the method returns
  /// @return its result: to ask for it before it is there has all be sent that is recorded
  /// @throws InterruptedException if interrupted while a part was sent
  /// @throws io.procession.serial.NotSendableException if an argument cannot be sent
  /// @throws IllegalArgumentException if it is no proxy of this manager, or not one method was called
  public <T, R extends @Nullable Object> Future<R> call(T object, Call<? super T, R> call)
      throws InterruptedException {
    Require.notNull("call", call);
    T stub = stub(object);
    PipelineFuture<R> result = new PipelineFuture<>(this::sendIfMine);
    expected = result;
    recorded = 0;
    try {
      var _ = call.on(stub);
    } catch (Exception e) {
      throw unexpected(e);
    } finally {
      expected = null;
    }
    if (recorded != 1) {
      throw new IllegalArgumentException(
          "one method has to be called: calls=" + recorded + "; use run for several");
    }
    return result;
  }

  /// Sends what is recorded, and waits until it is done.
  ///
  /// @throws InterruptedException if interrupted; calls that were still to come are left out
  /// @throws io.procession.process.ProcessException if the server has ended
  public void flush() throws InterruptedException {
    requireUse();
    batch.send();
  }

  /// Somebody asks for a result; other threads wait until it is sent anyway.
  private void sendIfMine() throws InterruptedException {
    if (Thread.currentThread().equals(user) && !isOver) {
      flush();
    }
  }

  /// Runs the body and sends what it has recorded.
  void run(Body body) throws InterruptedException {
    boolean isWhole = false;
    try {
      body.record(this);
      flush();
      isWhole = true;
    } finally {
      isOver = true;
      if (!isWhole) {
        batch.drop(new IllegalStateException("the pipeline ended before this call was sent"));
      }
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new RemoteCallException("a call of a pipeline threw " + e, e);
    }
  }

  @SuppressWarnings("unchecked") // it has the interface of the object
  private <T> T stub(T object) {
    requireUse();
    if (!(object instanceof Remote remote) || !remote.reference().link().equals(link)) {
      throw new IllegalArgumentException(
          "no proxy of an object of this manager: class="
              + object.getClass().getName()
              + "; a pipeline is for those that its own manager has made");
    }
    RemoteReference reference = remote.reference();
    return (T) CallBatchStub.of(reference, batch, this::outcome, this::sendAmid);
  }

  private CallBatch.Outcome outcome() {
    PipelineFuture<?> wanted = expected;
    recorded++;
    return wanted != null && recorded == 1 ? wanted::settle : this::settle;
  }

  private void settle(@Nullable Object result, @Nullable Throwable thrown) {
    Throwable first = failure;
    if (first == null) {
      failure = thrown;
    } else if (thrown != null
        && !thrown.equals(first)
        && first.getSuppressed().length < MOST_SUPPRESSED) {
      first.addSuppressed(thrown);
    }
  }

  /// Sends from within a method of a stand-in, which may declare nothing.
  private void sendAmid() {
    try {
      flush();
    } catch (InterruptedException e) {
      throw new Amid(e);
    }
  }

  /// An interrupt, on its way through a method of a stand-in.
  private static final class Amid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Amid(InterruptedException cause) {
      super("interrupted while a part of a pipeline was sent", cause, false, false);
    }
  }

  private static RuntimeException unexpected(Exception e) throws InterruptedException {
    if (e instanceof Amid && e.getCause() instanceof InterruptedException interrupt) {
      throw interrupt;
    }
    if (e instanceof InterruptedException interrupt) {
      throw interrupt;
    }
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("recording threw " + e, e);
  }

  private void requireUse() {
    if (isOver || !Thread.currentThread().equals(user)) {
      throw new IllegalStateException(
          isOver
              ? "the pipeline has ended; open another one"
              : "a pipeline is used by the thread that has opened it");
    }
  }
}
