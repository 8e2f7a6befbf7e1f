package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Lets a thread of the system wait in the kernel for a descriptor itself, and be called away by a ring.
///
/// The poller would have to be woken first, and then the thread. There are so many of them in a process at
/// most: who gets none waits by the poller. Used by one thread at a time, but for [#wake].
final class Bell implements Waker {
  private static final int MOST = 128;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final long CLOEXEC = 0x80000;
  private static final long NONBLOCK = 0x800;
  private static final long NANOS = 1_000_000_000;

  // struct pollfd { int fd; short events; short revents; } twice, a timespec, a counter, an error
  // number
  private static final long SECOND_AT = 8;
  private static final long EVENTS = 4;
  private static final long CAME = 6;
  private static final long TIME_AT = 16;
  private static final long COUNTER_AT = 32;
  private static final long ERRNO_AT = 40;

  private final int number;
  private final MemorySegment memory = Arena.ofAuto().allocate(ERRNO_AT + 8, 8);
  private final MemorySegment errno = memory.asSlice(ERRNO_AT);

  private final InterruptHook hook;

  private Bell(int number, Runnable ring) {
    this.number = number;
    this.hook = new InterruptHook(ring);
  }

  /// A new one.
  ///
  /// @param ring what an interrupt of the thread that waits does, perhaps after the wait: calls [#wake]
  ///     unless it is closed
  /// @return null if there are many, or none can be had
  static @Nullable Bell open(Runnable ring) {
    if (COUNT.incrementAndGet() > MOST) {
      COUNT.decrementAndGet();
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long made = Syscall.call(errno, Syscall.EVENTFD2, 0, CLOEXEC | NONBLOCK, 0, 0, 0, 0);
      if (made >= 0) {
        return new Bell((int) made, ring);
      }
    }
    COUNT.decrementAndGet();
    return null;
  }

  /// Waits until a descriptor is ready, or it rings, or has rung, or the thread is interrupted; it may
  /// also end for no reason.
  ///
  /// @return false at the deadline
  boolean await(int descriptor, int events, long deadline) throws ErrnoException {
    watch(0, descriptor, events);
    watch(SECOND_AT, number, Readiness.READ);
    long time = 0;
    if (deadline != Until.FOREVER) {
      long left = Until.nanosLeft(deadline);
      memory.set(ValueLayout.JAVA_LONG, TIME_AT, left / NANOS);
      memory.set(ValueLayout.JAVA_LONG, TIME_AT + 8, left % NANOS);
      time = memory.address() + TIME_AT;
    }
    long ready;
    hook.enter();
    try {
      ready = Syscall.call(errno, Syscall.PPOLL, memory.address(), 2, time, 0, 8, 0);
    } finally {
      hook.leave();
    }
    if (ready == -1 && Syscall.errno(errno) != Errno.EINTR) {
      throw new ErrnoException("ppoll", Syscall.errno(errno));
    }
    if (ready > 0 && memory.get(ValueLayout.JAVA_SHORT, SECOND_AT + CAME) != 0) {
      long counter = memory.address() + COUNTER_AT;
      long _ = Syscall.call(errno, Syscall.READ, number, counter, Long.BYTES, 0, 0, 0);
    }
    return ready != 0;
  }

  private void watch(long at, int descriptor, int events) {
    memory.set(ValueLayout.JAVA_INT, at, descriptor);
    memory.set(ValueLayout.JAVA_SHORT, at + EVENTS, (short) events);
    memory.set(ValueLayout.JAVA_SHORT, at + CAME, (short) 0);
  }

  /// Rings: ends the wait that is under way, or the next.
  @Override
  public void wake() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      MemorySegment failure = arena.allocate(Syscall.ERRNO);
      long _ = Syscall.call(failure, Syscall.WRITE, number, one.address(), Long.BYTES, 0, 0, 0);
    }
  }

  /// Nobody uses it any more.
  void close() {
    COUNT.decrementAndGet();
    try {
      Posix.close(number);
    } catch (ErrnoException e) {
      // closed all the same
    }
  }
}
