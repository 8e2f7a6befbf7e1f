package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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

  /// With what a thread of the system waits here, once one has. Guarded by this.
  private @Nullable Bell bell;

  private boolean isBellTaken; // guarded by this

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

  /// As [#await], but a thread of the system waits in the kernel itself, if no other does so here.
  boolean awaitHere(int events, long deadline) throws IOException, InterruptedException {
    if (deadline == Until.NOW) {
      return false;
    }
    Interruption.checkInterrupt();
    if (Until.hasPassed(deadline)) {
      return false;
    }
    int open = enter();
    try {
      Bell taken = Thread.currentThread().isVirtual() ? null : takeBell();
      if (taken != null) {
        return await(open, events, deadline, taken);
      }
    } finally {
      exit();
    }
    return await(events, deadline);
  }

  private boolean await(int open, int events, long deadline, Bell taken)
      throws IOException, InterruptedException {
    boolean isInTime;
    try {
      if (!tellOfClose(taken)) {
        throw new AsynchronousCloseException();
      }
      isInTime = taken.await(open, events, deadline);
    } finally {
      forget(taken);
      synchronized (this) {
        isBellTaken = false;
      }
    }
    Interruption.checkInterrupt();
    if (isClosed()) {
      throw new AsynchronousCloseException();
    }
    return isInTime;
  }

  /// Between [#enter] and [#exit], so that who releases this finds it.
  private synchronized @Nullable Bell takeBell() {
    if (isBellTaken) {
      return null;
    }
    if (bell == null) {
      bell = Bell.open(this::ring);
    }
    isBellTaken = bell != null;
    return bell;
  }

  /// The thread that waits was interrupted, perhaps a while ago.
  private void ring() {
    if (uses.incrementAndGet() > 0) { // else who closes it rings
      Bell known;
      synchronized (this) {
        known = bell;
      }
      if (known != null) {
        known.wake();
      }
    }
    exit();
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
        if (bell != null) {
          bell.close();
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
