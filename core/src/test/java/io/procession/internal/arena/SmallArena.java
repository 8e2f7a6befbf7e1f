package io.procession.internal.arena;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The regions of an arena with a few units of memory only, for what happens when they are short.
record SmallArena(Arena scope, MemorySegment memory) implements AutoCloseable {
  /// Maps a file, which it makes if there is none.
  static SmallArena of(String file, int units) throws IOException {
    Arena scope = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            Path.of(file),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE)) {
      MemorySegment memory =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, Units.offset(units), scope);
      Words.setLong(memory, HeaderLayout.CAPACITY_AT, memory.byteSize());
      return new SmallArena(scope, memory);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
