package io.procession.pool;

import io.procession.internal.arena.Session;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.travel.FreshLoader;
import io.procession.process.ProcessExit;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.LargeArrays;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Takes tasks, runs them and sends what comes of them: the life of a worker.
///
/// Whatever a task throws, errors too, fails that task only. It runs in a young JVM: no lambdas and
/// no streams here.
final class WorkerLoop {
  private static final int INITIAL_CAPACITY = 1024;

  /// One in so many calls, less one, is timed: to look at the clock takes a part of a short one.
  private static final long NOT_TIMED = 7;

  private static final int MOST_CAUSES = 16;
  private static final long NO_MEMORY_NANOS = 10_000_000;

  private final MessageRing tasks;
  private final MessageRing results;
  private final Board board;
  private final boolean isFreshEachTime;
  private Codec codec = Codec.standard();
  private final Turn turn = new Turn(Thread.currentThread());
  private final YoungWait young;
  private final ByteSink out = new ByteSink(INITIAL_CAPACITY).keepingHandles().keepingArrays();

  /// Of the message that was taken last.
  private final LargeArrays arrays = new LargeArrays();

  /// @param isFreshEachTime whether each task has classes of its own
  WorkerLoop(Session session, Wires wires, boolean isFreshEachTime) {
    this.isFreshEachTime = isFreshEachTime;
    this.tasks = wires.tasks();
    this.results = wires.results();
    this.board = new Board(session, wires.board());
    this.young = new YoungWait(board);
  }

  /// Runs what the pool wants to be run first; if that fails, the pool is told.
  void prepare(SerializableRunnable initializer) throws Exception {
    try {
      initializer.run();
    } catch (Throwable t) {
      sendFailure(ResultHeader.OF_INITIALIZER, true, 0, 1, t);
      throw t;
    }
  }

  /// Serves until it is told to leave.
  void serve() throws IOException {
    Task.isTakenFrom(turn, new ProgressReports(results));
    Orders.listen(new OrderDesk(turn, results));
    board.sayReady();
    while (true) {
      byte[] message = nextThatFits();
      ByteSource in = new ByteSource(message, 0, arrays);
      long task = in.getLong();
      int word = in.getInt();
      int kind = TaskLayout.kind(word);
      int from = in.getInt();
      int count = in.getInt();
      int tried = in.getInt();
      if (kind == TaskLayout.END) {
        Worker.closeLocals();
        return;
      }
      turn.enter(task, TaskLayout.attempt(word), tried);
      Throwable problem = isFreshEachTime ? renewClasses() : null;
      if (problem != null) {
        MessageRing.decoded(message);
        sendFailure(task, true, from, Math.max(count - from, 1), problem);
      } else if (kind == TaskLayout.CALL || kind == TaskLayout.APPLY) {
        call(task, kind, in, message);
      } else {
        new ChunkRun(this, task, word, from, count).run(in, message);
      }
      young.link();
    }
  }

  /// @return why that is impossible, or null if it is done
  private @Nullable Throwable renewClasses() {
    try {
      Worker.forgetLocals();
      FreshLoader loader = new FreshLoader();
      codec = Codec.standard(loader);
      Thread.currentThread().setContextClassLoader(loader);
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  /// The next task for which there is memory. Those for which there is none fail with that.
  private byte[] nextThatFits() throws IOException {
    while (true) {
      Throwable problem = null;
      byte[] message;
      try {
        message = next();
      } catch (OutOfMemoryError e) {
        arrays.clear();
        message = tasks.takeHead(TaskLayout.HEADER); // unless the pool has taken it back
        problem = e;
      }
      if (message == null) {
        LockSupport.parkNanos(this, NO_MEMORY_NANOS);
      } else if (problem != null && TaskLayout.isHead(message)) {
        refuse(message, problem);
      } else {
        return message;
      }
    }
  }

  private void refuse(byte[] head, Throwable problem) throws IOException {
    MessageRing.decoded(head);
    ByteSource in = new ByteSource(head);
    long task = in.getLong();
    var _ = in.getInt();
    int from = in.getInt();
    int count = in.getInt();
    sendFailure(task, true, from, Math.max(count - from, 1), problem);
  }

  private byte[] next() {
    while (true) {
      try {
        var _ = Thread.interrupted(); // what a task left is not the next one's
        byte[] message =
            young.isOver() ? tasks.take(Until.FOREVER, arrays) : young.poll(tasks, arrays);
        if (message != null) {
          return message;
        }
      } catch (InterruptedException e) {
        // some thread of a former task's
      }
    }
  }

  private void call(long task, int kind, ByteSource in, byte[] message) {
    long since = (task & NOT_TIMED) == 0 ? System.nanoTime() : 0;
    Object value;
    try {
      Object function;
      Object argument;
      try {
        function = codec.decode(in);
        argument = kind == TaskLayout.CALL ? null : codec.decode(in);
      } finally {
        MessageRing.decoded(message);
      }
      board.noteElement(task, 0);
      turn.run(0);
      try {
        value =
            kind == TaskLayout.CALL
                ? callable(function).call()
                : function(function).apply(argument);
      } finally {
        turn.pause();
      }
    } catch (Throwable t) {
      sendFailure(task, true, 0, 1, t);
      return;
    }
    Throwable problem = trySend(task, ResultHeader.VALUE, true, 0, 1, value, since);
    if (problem != null) {
      sendFailure(task, true, 0, 1, problem);
    }
  }

  Codec codec() {
    return codec;
  }

  Turn turn() {
    return turn;
  }

  Board board() {
    return board;
  }

  /// Sends a result.
  ///
  /// @param since when the work on it began, 0 if nobody wants to know
  /// @return why that is impossible, or null if it is done
  @Nullable Throwable trySend(
      long task,
      int kind,
      boolean isLast,
      int from,
      int count,
      @Nullable Object value,
      long since) {
    try {
      out.reset();
      ResultHeader.write(task, kind, isLast, from, count, out);
      codec.encode(value, out);
      if (since != 0) {
        long nanos = Math.clamp(System.nanoTime() - since, 1, Integer.MAX_VALUE);
        out.setInt(ResultHeader.NANOS_AT, (int) nanos);
      }
      results.append(out);
      out.reset(); // what it keeps is the task's
      return null;
    } catch (NotSendableException e) {
      NotSendableException told =
          new NotSendableException("the result of the task cannot be sent: " + e.getMessage());
      told.setStackTrace(e.getStackTrace());
      return told;
    } catch (Throwable t) {
      return t;
    }
  }

  /// Sends a failure, or one that says that it could not be told.
  void sendFailure(long task, boolean isLast, int from, int count, Throwable failure) {
    if (failure instanceof ProcessExit exit) {
      throw exit; // the worker dies, and that is told of the task
    }
    try {
      putFailure(task, isLast, from, count, failure);
    } catch (Throwable again) {
      String what = failure.getClass().getName();
      String why = again.getClass().getName();
      Throwable stripped =
          isOutOfMemory(failure)
              ? new OutOfMemoryError(what + ", which could not be sent because of " + why)
              : new RuntimeException(what + ", which could not be sent because of " + why);
      putFailure(task, isLast, from, count, stripped);
    }
  }

  private void putFailure(long task, boolean isLast, int from, int count, Throwable failure) {
    out.reset();
    ResultHeader.write(task, ResultHeader.FAILED, isLast, from, count, out);
    if (isOutOfMemory(failure)) {
      ResultHeader.setOutOfMemory(isLast, out);
    }
    StandInException.encode(failure, codec, out);
    results.append(out);
  }

  /// Whether something failed for want of memory, whatever its own methods do.
  static boolean isOutOfMemory(Throwable failure) {
    Throwable cause = failure;
    try {
      for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
        if (cause instanceof OutOfMemoryError) {
          return true;
        }
        cause = cause.getCause();
      }
    } catch (RuntimeException | Error e) {
      // an exception of the user's, which may do what it likes
    }
    return false;
  }

  static SerializableCallable<?> callable(@Nullable Object function) {
    if (function instanceof SerializableCallable<?> callable) {
      return callable;
    }
    throw new ClassCastException("no SerializableCallable: " + function);
  }

  @SuppressWarnings("unchecked") // the pool's own methods have seen to the types
  static SerializableFunction<@Nullable Object, @Nullable Object> function(
      @Nullable Object function) {
    if (function instanceof SerializableFunction<?, ?>) {
      return (SerializableFunction<@Nullable Object, @Nullable Object>) function;
    }
    throw new ClassCastException("no SerializableFunction: " + function);
  }
}
