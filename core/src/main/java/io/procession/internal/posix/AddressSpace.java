package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;

/// All the memory that this process can address, for accesses whose place has been checked already.
public final class AddressSpace {
  /// No address of a process is as high on any 64-bit system.
  public static final long END = 1L << 60;

  /// The memory, from address 0 on. It checks nothing that is worth the name: whoever uses it knows that
  /// the address is mapped, and what lies there is its own.
  @SuppressWarnings("restricted") // the one place that may
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private AddressSpace() {}
}
