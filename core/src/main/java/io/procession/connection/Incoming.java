package io.procession.connection;

import java.util.concurrent.atomic.AtomicLong;

/// The memory of messages that have come in part, of all sockets of this process together. Each is bounded
/// by itself, but many peers can begin a long one and leave it at that.
///
/// Half of the heap is theirs. One that is alone may be longer. Safe for all threads.
final class Incoming {
  static final Incoming OF_PROCESS = new Incoming(Runtime.getRuntime().maxMemory() / 2);

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /// @param most how many bytes at a time
  Incoming(long most) {
    this.most = most;
  }

  long most() {
    return most;
  }

  /// How many bytes are taken.
  long taken() {
    return taken.get();
  }

  /// The memory of one reader.
  ///
  /// A reader takes, by one thread at a time, and whoever closes it gives back, at any time: what is taken
  /// after that is given back by who takes.
  final class Share implements Runnable {
    private static final long CLOSED = -1;

    private final AtomicLong mine = new AtomicLong(); // or CLOSED

    /// Takes memory, up to a sum.
    ///
    /// @return false if there is none left
    boolean takeUpTo(long sum) {
      long had = mine.get();
      if (had == CLOSED || sum <= had) {
        return true;
      }
      long more = sum - had;
      long all = taken.addAndGet(more);
      boolean isRefused = all > most && all > sum;
      if (isRefused || !mine.compareAndSet(had, sum)) {
        taken.addAndGet(-more);
      }
      return !isRefused;
    }

    void giveBack() {
      long had = mine.get();
      if (had > 0 && mine.compareAndSet(had, 0)) {
        taken.addAndGet(-had);
      }
    }

    /// Closes it, when its reader is unreachable.
    @Override
    public void run() {
      close();
    }

    void close() {
      long had = mine.getAndSet(CLOSED);
      if (had > 0) {
        taken.addAndGet(-had);
      }
    }
  }
}
