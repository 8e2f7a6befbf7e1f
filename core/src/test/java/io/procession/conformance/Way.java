package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;

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

  abstract Lock lock();

  abstract Lock reentrantLock();

  abstract Permits semaphore(int permits);

  abstract Permits boundedSemaphore(int permits);

  abstract Turn condition();

  abstract Flag event();

  abstract Meeting barrier(int parties);

  abstract Meeting barrier(int parties, SerializableRunnable action);

  abstract <T> Cell<T> value(T initial);

  abstract <R extends Record> Cell<R> struct(R initial);

  abstract Numbers array(List<Integer> elements);

  abstract <E> BlockingQueue<E> queue();

  abstract <E> BlockingQueue<E> queue(int capacity);

  abstract <E> Tasks<E> tasks();

  abstract Workers pool(int processes);

  final Context context() {
    return context;
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
