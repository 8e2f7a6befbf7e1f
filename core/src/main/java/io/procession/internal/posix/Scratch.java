package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Native memory for one transfer of bytes that lie on the heap. A few are kept for the next.
final class Scratch {
  static final int BYTES = 1 << 16;

  private static final int MOST_KEPT = 4;
  private static final ConcurrentLinkedQueue<Scratch> KEPT = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger COUNT = new AtomicInteger();

  final MemorySegment errno;
  final MemorySegment bytes;

  private Scratch() {
    Arena arena = Arena.ofAuto();
    errno = arena.allocate(Syscall.ERRNO);
    bytes = arena.allocate(BYTES, 64);
  }

  static Scratch take() {
    Scratch kept = KEPT.poll();
    if (kept == null) {
      return new Scratch();
    }
    COUNT.decrementAndGet();
    return kept;
  }

  void giveBack() {
    if (COUNT.incrementAndGet() <= MOST_KEPT) {
      KEPT.add(this);
    } else {
      COUNT.decrementAndGet();
    }
  }
}
