package io.procession.conformance;

import io.procession.context.Context;
import io.procession.pool.PoolOptions;
import io.procession.pool.TaskPool;
import io.procession.process.LaunchOptions;
import io.procession.process.StartMethod;
import io.procession.queue.TaskQueue;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.Struct;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/// A way of running: makes its kind of each object, and has peers that use them too. What was made goes
/// with [#clean].
abstract class Way {
  static final int PEERS = 2;

  private final SerializableCallable<Context> there;
  private final Context context;
  private final List<Peer> peers = new ArrayList<>();
  private final Deque<Runnable> made = new ArrayDeque<>();

  /// @param there gives the context, also where it does not come: a context cannot be sent
  Way(SerializableCallable<Context> there) throws Exception {
    this.there = there;
    context = there.call();
  }

  abstract QueryableLock lock();

  abstract QueryableLock reentrantLock();

  abstract CountingSemaphore semaphore(int permits);

  abstract CountingSemaphore boundedSemaphore(int permits);

  abstract LockCondition condition();

  abstract Event event();

  abstract Barrier barrier(int parties);

  abstract Barrier barrier(int parties, SerializableRunnable action);

  abstract <T> Value<T> value(T initial);

  abstract <R extends Record> Struct<R> struct(R initial);

  abstract List<Integer> array(List<Integer> elements);

  abstract <E> BlockingQueue<E> queue();

  abstract <E> BlockingQueue<E> queue(int capacity);

  abstract <E> TaskQueue<E> tasks();

  abstract TaskPool pool(int processes);

  abstract TaskPool pool(PoolOptions options);

  final Context context() {
    return context;
  }

  /// For what does not come from the context: subclasses of `JvmProcess`, a `BaseManager`.
  final LaunchOptions launch() {
    return LaunchOptions.defaults().withStartMethod(StartMethod.of(context.startMethod()));
  }

  /// Whether processes of this way are JVMs of their own.
  final boolean isOfJvms() {
    return !context.startMethod().equals("dummy");
  }

  /// For pieces of a test that use the context elsewhere.
  final SerializableCallable<Context> there() {
    return there;
  }

  final Peer peer(int number) {
    return peers().get(number);
  }

  /// They are started when they are first needed.
  final List<Peer> peers() {
    while (peers.size() < PEERS) {
      peers.add(new Peer(context, "peer-" + peers.size()));
    }
    return peers;
  }

  /// Notes how an object is done away with.
  final <T> T made(T object, Runnable end) {
    made.push(end);
    return object;
  }

  /// Does away with what was made.
  final void clean() {
    while (!made.isEmpty()) {
      made.pop().run();
    }
  }

  void close() throws Exception {
    for (Peer peer : peers) {
      peer.close();
    }
  }
}
