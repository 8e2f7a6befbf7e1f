package io.procession.internal.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Gives memory of the session's arena, which is never unmapped, a scope that can end.
public final class ScopedView {
  private ScopedView() {}

  /// The same memory in another scope: an access through it, or through any slice or buffer made
  /// from it, fails once the scope has ended.
  ///
  /// @param owner stays reachable as long as any such view is
  @SuppressWarnings("restricted") // same address, same size: only the scope is another
  public static MemorySegment of(MemorySegment memory, Arena scope, Object owner) {
    return memory.reinterpret(memory.byteSize(), scope, new Keep(owner));
  }

  private record Keep(Object owner) implements Consumer<MemorySegment> {
    @Override
    public void accept(MemorySegment view) {}
  }
}
