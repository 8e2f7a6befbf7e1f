package io.procession.pool;

import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.process.ProcessExit;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Takes tasks, runs them and sends what comes of them: the life of a worker.
///
/// Whatever a task throws, errors too, fails that task only. It runs in a young JVM: no lambdas and
/// no streams here.
final class WorkerLoop {
  private static final int INITIAL_CAPACITY = 1024;

  private final MemorySegment memory;
  private final MessageRing tasks;
  private final MessageRing results;
  private final long readyAt;
  private final long elementAt;
  private final Codec codec = Codec.standard();
  private final ByteSink out = new ByteSink(INITIAL_CAPACITY).keepingHandles();

  WorkerLoop(Session session, Wires wires) {
    this.memory = session.memory();
    this.tasks = wires.tasks();
    this.results = wires.results();
    this.readyAt = BoardLayout.readyAt(wires.board().cell());
    this.elementAt = BoardLayout.elementAt(wires.board().cell());
  }

  /// Serves until it is told to leave.
  void serve() throws IOException {
    Words.setLongOpaque(memory, readyAt, 1);
    while (true) {
      byte[] message = next();
      ByteSource in = new ByteSource(message);
      long task = in.getLong();
      int kind = in.getInt();
      int from = in.getInt();
      int count = in.getInt();
      if (kind == TaskLayout.END) {
        return;
      }
      if (kind == TaskLayout.CALL || kind == TaskLayout.APPLY) {
        call(task, kind, in, message);
      } else {
        new ChunkRun(this, task, kind == TaskLayout.EACH, from, count).run(in, message);
      }
    }
  }

  private byte[] next() {
    while (true) {
      try {
        var _ = Thread.interrupted(); // what a task left is not the next one's
        byte[] message = tasks.take(Until.FOREVER);
        if (message != null) {
          return message;
        }
      } catch (InterruptedException e) {
        // some thread of a former task's
      }
    }
  }

  private void call(long task, int kind, ByteSource in, byte[] message) {
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
      value =
          kind == TaskLayout.CALL ? callable(function).call() : function(function).apply(argument);
    } catch (Throwable t) {
      sendFailure(task, true, 0, 1, t);
      return;
    }
    Throwable problem = trySend(task, ResultHeader.VALUE, true, 0, 1, value);
    if (problem != null) {
      sendFailure(task, true, 0, 1, problem);
    }
  }

  Codec codec() {
    return codec;
  }

  void noteElement(long task, int element) {
    Words.setLongOpaque(memory, elementAt, BoardLayout.element(task, element));
  }

  /// Sends a result.
  ///
  /// @return why that is impossible, or null if it is done
  @Nullable Throwable trySend(
      long task, int kind, boolean isLast, int from, int count, @Nullable Object value) {
    try {
      out.reset();
      ResultHeader.write(task, kind, isLast, from, count, out);
      codec.encode(value, out);
      put();
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
      RuntimeException stripped =
          new RuntimeException(what + ", which could not be sent because of " + why);
      putFailure(task, isLast, from, count, stripped);
    }
  }

  private void putFailure(long task, boolean isLast, int from, int count, Throwable failure) {
    out.reset();
    ResultHeader.write(task, ResultHeader.FAILED, isLast, from, count, out);
    StandInException.encode(failure, codec, out);
    put();
  }

  private void put() {
    try {
      results.put(out, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // a ring without bound does not wait for room
    }
  }

  private static SerializableCallable<?> callable(@Nullable Object function) {
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
