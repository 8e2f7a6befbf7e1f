package io.procession.crash;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Counters that processes share through a file and that outlive them: what a process has noted is
/// there, whenever it is killed.
public final class Journal implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final String path;
  private final int counters;
  private transient volatile @Nullable MemorySegment mapped;

  public Journal(Path path, int counters) {
    this.path = path.toString();
    this.counters = counters;
  }

  public int get(int counter) {
    return (int) INT.getVolatile(map(), 4L * counter);
  }

  public void set(int counter, int value) {
    INT.setVolatile(map(), 4L * counter, value);
  }

  public void increment(int counter) {
    INT.getAndAdd(map(), 4L * counter, 1);
  }

  private MemorySegment map() {
    MemorySegment known = mapped;
    return known != null ? known : mapNow();
  }

  private synchronized MemorySegment mapNow() {
    MemorySegment known = mapped;
    if (known == null) {
      try (FileChannel channel =
          FileChannel.open(
              Path.of(path),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        known = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4L * counters, Arena.ofAuto());
        mapped = known;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return known;
  }
}
