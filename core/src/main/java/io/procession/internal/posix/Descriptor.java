package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/// A descriptor of ours, and those who use it at this moment.
///
/// Its number must not be closed while a call with it is under way on another thread: the system might
/// give it to something else in between. So calls are made between [#enter] and [#exit], and the last
/// one out closes.
public final class Descriptor extends Readiness {
  private static final int CLOSED = Integer.MIN_VALUE;

  private final int number;

  /// How many calls are under way, with the sign bit once it is to be closed.
  private final AtomicInteger uses = new AtomicInteger();

  /// Its key at the poller, or 0. Guarded by this.
  private long key;

  /// Takes charge of a descriptor that does not block.
  public Descriptor(int number) {
    this.number = number;
  }

  /// Begins the use of its number.
  ///
  /// @throws ClosedChannelException if it is closed
  public int enter() throws ClosedChannelException {
    if (uses.incrementAndGet() < 0) {
      exit();
      throw new ClosedChannelException();
    }
    return number;
  }

  /// Ends what [#enter] began.
  public void exit() {
    if (uses.decrementAndGet() == CLOSED) {
      release();
    }
  }

  /// Another descriptor for the same thing, which does not block either.
  public Descriptor duplicate() throws IOException {
    int open = enter();
    try {
      return new Descriptor(SocketCalls.duplicate(open));
    } finally {
      exit();
    }
  }

  /// Whether a call to read, or to accept, would not wait now.
  boolean isReadable() throws IOException {
    enter();
    try {
      return SocketCalls.isReady(number, READ);
    } finally {
      exit();
    }
  }

  @Override
  public boolean isClosed() {
    return uses.get() < 0;
  }

  /// Closes it as soon as no call is under way, and wakes all who wait.
  ///
  /// @return whether it was this call that closed it
  public boolean close() {
    int before = uses.getAndUpdate(count -> count | CLOSED);
    if (before < 0) {
      return false;
    }
    wakeAll();
    if (before == 0) {
      release();
    }
    return true;
  }

  @Override
  void arm(int all) throws IOException {
    if (key == 0) {
      key = Poller.add(this, number, all);
    } else {
      Poller.change(number, all, key);
    }
  }

  /// Several threads may come here: who finds nobody in use closes, once.
  private void release() {
    if (uses.compareAndSet(CLOSED, CLOSED + (1 << 30))) {
      synchronized (this) {
        if (key != 0) {
          Poller.remove(number, key); // a duplicate in another process would keep it there
        }
      }
      try {
        Posix.close(number);
      } catch (ErrnoException e) {
        // closed all the same
      }
    }
  }
}
