package io.procession.internal.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The one thread of this process that waits for descriptors, by `epoll`: it starts at the first wait
/// and ends a moment after the last descriptor that anybody waited for is closed.
final class Poller {
  /*
   * A descriptor is added when somebody first waits for it and stays until it is closed, each time
   * with EPOLLONESHOT: one event, then silence until it is asked for again. The system checks at each
   * asking whether the event is there already.
   *
   * Keys are numbers that are never used again: an event that was on its way when its descriptor was
   * closed finds nobody, also if the descriptor's number has another use by then.
   */
  private static final Object LOCK = new Object();
  private static final AtomicLong KEYS = new AtomicLong();
  private static final ConcurrentHashMap<Long, Descriptor> BY_KEY = new ConcurrentHashMap<>();

  private static final long CTL_ADD = 1;
  private static final long CTL_DEL = 2;
  private static final long CTL_MOD = 3;
  private static final long CLOEXEC = 0x80000;
  private static final long NONBLOCK = 0x800;
  private static final int MOST_EVENTS = 256;
  private static final long IDLE_MILLIS = 200;
  private static final long FOR_EVER = -1;

  private static @Nullable Poller running; // guarded by LOCK
  private static int registered; // guarded by LOCK

  private final int epoll;

  /// Its counter is raised when nothing is left to wait for.
  private final int bell;

  private Poller(int epoll, int bell) {
    this.epoll = epoll;
    this.bell = bell;
  }

  /// Begins to watch a descriptor.
  ///
  /// @return its key
  static long add(Descriptor descriptor, int number, int events) throws IOException {
    long key = KEYS.incrementAndGet();
    synchronized (LOCK) {
      Poller poller = running;
      if (poller == null) {
        poller = start();
        running = poller;
      }
      registered++;
      BY_KEY.put(key, descriptor);
      boolean done = false;
      try {
        control(poller.epoll, CTL_ADD, number, events | EpollLayout.ONE_SHOT, key);
        done = true;
      } finally {
        if (!done) {
          poller.forget(key);
        }
      }
    }
    return key;
  }

  /// Watches for these events, once.
  static void change(int number, int events, long key) throws IOException {
    control(current().epoll, CTL_MOD, number, events | EpollLayout.ONE_SHOT, key);
  }

  /// Ends what [#add] began, before the descriptor is closed.
  static void remove(int number, long key) {
    synchronized (LOCK) {
      Poller poller = current();
      try {
        control(poller.epoll, CTL_DEL, number, 0, key);
      } catch (ErrnoException e) {
        throw new AssertionError("a descriptor was closed by others", e);
      } finally {
        poller.forget(key);
      }
    }
  }

  private static Poller current() {
    synchronized (LOCK) {
      Poller poller = running;
      if (poller == null) {
        throw new AssertionError("the poller has ended, but something is registered");
      }
      return poller;
    }
  }

  private void forget(long key) {
    BY_KEY.remove(key);
    registered--;
    if (registered == 0) {
      ring();
    }
  }

  private static Poller start() throws IOException {
    int epoll = (int) call("epoll_create1", Syscall.EPOLL_CREATE1, CLOEXEC, 0, 0, 0);
    int bell = -1;
    Poller poller = null;
    try {
      bell = (int) call("eventfd", Syscall.EVENTFD2, 0, CLOEXEC | NONBLOCK, 0, 0);
      control(epoll, CTL_ADD, bell, EpollLayout.IN, 0);
      Poller made = new Poller(epoll, bell);
      Thread.ofPlatform().daemon().name("procession-poller").start(new Steadfast(made::poll));
      poller = made;
      return made;
    } catch (OutOfMemoryError e) {
      throw new IOException("no thread can be had to wait for sockets", e);
    } finally {
      if (poller == null) {
        close(epoll, bell);
      }
    }
  }

  private void poll(boolean afterError) {
    if (afterError) { // what was being reported may be lost
      BY_KEY.values().forEach(Readiness::wakeAll);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EpollLayout.BYTES * MOST_EVENTS, 8);
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      while (true) {
        boolean isIdle;
        synchronized (LOCK) {
          isIdle = registered == 0;
        }
        long count =
            Syscall.call(
                errno,
                Syscall.EPOLL_PWAIT,
                epoll,
                events.address(),
                MOST_EVENTS,
                isIdle ? IDLE_MILLIS : FOR_EVER,
                0,
                8);
        if (count == 0 && hasEnded()) {
          return;
        }
        for (int i = 0; i < count; i++) { // none after EINTR
          report(EpollLayout.data(events, i), EpollLayout.events(events, i));
        }
      }
    }
  }

  private void report(long key, int events) {
    if (key == 0) {
      hush();
      return;
    }
    Descriptor descriptor = BY_KEY.get(key);
    if (descriptor != null) {
      boolean isBroken = (events & (EpollLayout.ERR | EpollLayout.HUP)) != 0;
      descriptor.report(isBroken ? events | EpollLayout.IN | EpollLayout.OUT : events);
    }
  }

  private boolean hasEnded() {
    synchronized (LOCK) {
      if (registered != 0) {
        return false;
      }
      running = null;
      close(epoll, bell);
      return true;
    }
  }

  private void ring() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long _ = Syscall.call(errno, Syscall.WRITE, bell, one.address(), Long.BYTES, 0, 0, 0);
    }
  }

  private void hush() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long _ = Syscall.call(errno, Syscall.READ, bell, count.address(), Long.BYTES, 0, 0, 0);
    }
  }

  private static void control(int epoll, long operation, int number, int events, long key)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EpollLayout.BYTES, 8);
      EpollLayout.write(event, events, key);
      long _ = call("epoll_ctl", Syscall.EPOLL_CTL, epoll, operation, number, event.address());
    }
  }

  private static long call(String name, long call, long a, long b, long c, long d)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long result = Syscall.call(errno, call, a, b, c, d, 0, 0);
      if (result == -1) {
        throw new ErrnoException(name, Syscall.errno(errno));
      }
      return result;
    }
  }

  private static void close(int epoll, int bell) {
    if (bell >= 0) {
      close(bell);
    }
    close(epoll);
  }

  private static void close(int number) {
    try {
      Posix.close(number);
    } catch (ErrnoException e) {
      // closed all the same
    }
  }
}
