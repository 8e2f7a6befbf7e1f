package io.procession.shared;

import io.procession.internal.arena.NamedMemory;
import io.procession.internal.check.Require;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bytes that processes share.
///
/// ```java
/// try (var memory = SharedMemory.create(1 << 20); var process = JvmProcess.of(() -> {
///   memory.segment().set(ValueLayout.JAVA_INT, 0, 42);
/// })) {
///   process.start();
///   process.join();
///   System.out.println(memory.segment().get(ValueLayout.JAVA_INT, 0)); // 42
/// }
/// ```
///
/// **Without a name** it lies in the session's memory and is reached by those to whom it is sent, as
/// a captured variable, in a message or otherwise. It takes real memory for the pages that were
/// written to only, and goes when it is unlinked or the session ends; if it was never sent, also when it
/// is closed or unreachable.
///
/// **With a name** it is a file of that name in `/dev/shm`, for any process of the user, of another
/// language too: Python's `SharedMemory(name=...)` is the same thing. All its pages are claimed
/// when it is created, so that no write fails for lack of memory later. It goes when it is unlinked,
/// or with the session that has created it: its first process takes it away when it ends, and if all
/// were killed, the next session of the user does. (Python's `track=False` is
/// [#createPersistent].) A process that still has it attached keeps the memory, not the name.
///
/// What a process has written stays when it dies. There is no lock: who needs one, sends one along.
/// The memory reads as zero at first. Safe for use by many threads, as far as its bytes are.
public final class SharedMemory implements AutoCloseable, Serializable {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient @Nullable Block block;
  private final transient @Nullable NamedMemory named;
  private final transient String name;
  private final transient MemorySegment segment;

  private SharedMemory(Block block, boolean readOnly) {
    this.block = block;
    this.named = null;
    this.name = block.name();
    this.segment = readOnly ? block.view().asReadOnly() : block.view();
  }

  private SharedMemory(NamedMemory named, String name) {
    this.block = null;
    this.named = named;
    this.name = name;
    this.segment = named.segment();
  }

  /// Creates memory without a public name.
  ///
  /// @param size bytes; may be more than the machine has, if not all are used
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive
  /// @throws IllegalStateException if the session's arena has no such run
  public static SharedMemory create(long size) {
    Require.positive("size", size);
    String name = "memory-" + MADE.incrementAndGet();
    return new SharedMemory(Block.allocate(Block.BYTES, size, name), false);
  }

  /// Creates memory with a public name, which goes with this session.
  ///
  /// @param name 1 to 255 bytes, no slash
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive, or the name cannot be one
  /// @throws UncheckedIOException if the name is taken (the cause is a
  ///     [FileAlreadyExistsException][java.nio.file.FileAlreadyExistsException]), or there is not that
  ///     much room in `/dev/shm`
  public static SharedMemory create(String name, long size) {
    return create(name, size, true);
  }

  /// Creates memory with a public name, which stays until it is unlinked or the machine restarts.
  ///
  /// @param name 1 to 255 bytes, no slash
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive, or the name cannot be one
  /// @throws UncheckedIOException if the name is taken (the cause is a
  ///     [FileAlreadyExistsException][java.nio.file.FileAlreadyExistsException]), or there is not that
  ///     much room in `/dev/shm`
  public static SharedMemory createPersistent(String name, long size) {
    return create(name, size, false);
  }

  /// Attaches memory that some process has created under a name.
  ///
  /// @param name the name
  /// @return the memory
  /// @throws IllegalArgumentException if the name cannot be one
  /// @throws UncheckedIOException if there is none of that name (the cause is a
  ///     [NoSuchFileException][java.nio.file.NoSuchFileException]), or it may not be opened
  public static SharedMemory attach(String name) {
    return attach(name, false);
  }

  /// Attaches memory that some process has created under a name, to read it only.
  ///
  /// @param name the name
  /// @return the memory; to write to it fails with an exception
  /// @throws IllegalArgumentException if the name cannot be one
  /// @throws UncheckedIOException if there is none of that name (the cause is a
  ///     [NoSuchFileException][java.nio.file.NoSuchFileException]), or it may not be opened
  public static SharedMemory attachReadOnly(String name) {
    return attach(name, true);
  }

  /// The name, under which other processes attach it if it [#isNamed].
  ///
  /// @return the name; of memory without a public one, `memory-N`
  public String name() {
    return name;
  }

  /// True if it has a public name.
  ///
  /// @return whether it has
  public boolean isNamed() {
    return named != null;
  }

  /// True if it cannot be written to through this object.
  ///
  /// @return whether it is so
  public boolean isReadOnly() {
    return segment.isReadOnly();
  }

  /// How long it is.
  ///
  /// @return bytes
  public long size() {
    return segment.byteSize();
  }

  /// The bytes. Access fails with `IllegalStateException` once this object has been closed.
  ///
  /// @return all of it
  /// @throws IllegalStateException if it has been closed, or destroyed by any process
  public MemorySegment segment() {
    check();
    return segment;
  }

  /// The bytes as a buffer, in the machine's byte order. Access fails with `IllegalStateException`
  /// once this object has been closed.
  ///
  /// @return all of it, from position 0
  /// @throws IllegalStateException if it has been closed, or destroyed by any process, or is longer than
  ///     a buffer can be, 2 GiB: use a slice of the segment
  public ByteBuffer buffer() {
    if (size() > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "a buffer has at most 2 GiB: size=" + size() + "; use a slice of the segment");
    }
    return segment().asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// The same memory, to be read only; also where it is sent. Closed with this one if it has no
  /// public name, else by itself.
  ///
  /// @return the memory
  /// @throws IllegalStateException if it has been closed, or destroyed by any process
  /// @throws UncheckedIOException if the name has been unlinked
  public SharedMemory asReadOnly() {
    check();
    if (block != null) {
      return new SharedMemory(block, true);
    }
    SharedMemory reader = attachReadOnly(name);
    if (!Objects.requireNonNull(reader.named).isSame(Objects.requireNonNull(named))) {
      reader.close();
      throw new UncheckedIOException(
          new NoSuchFileException(
              name, null, "it has been unlinked, and the name is another's now"));
    }
    return reader;
  }

  /// Ends its use in this process; what was given out of it fails from now on. Frees memory that has
  /// no public name and was never sent. Idempotent.
  ///
  /// @throws IllegalStateException if a native call or a channel is at work with it
  @Override
  public void close() {
    if (block != null) {
      block.close();
      return;
    }
    try {
      Objects.requireNonNull(named).close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be closed: name=" + name, e);
    }
  }

  /// Destroys it. If it has a public name, this is free now, and the memory goes when the last process
  /// that has it attached closes it or ends, this one included. If it has none, it cannot be used any
  /// more in any process, and its pages go at once, where the platform can give them back; views of it
  /// in other processes, until these close it, show zeros then, and what is written to them goes
  /// nowhere.
  ///
  /// @return whether it was this call that did; false if it was done before
  /// @throws UncheckedIOException if the system refuses
  public boolean unlink() {
    if (block != null) {
      return block.destroy();
    }
    try {
      return Objects.requireNonNull(named).unlink();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be unlinked: name=" + name, e);
    }
  }

  /// Name and size: `SharedMemory[memory-1, 4096 bytes]`.
  @Override
  public String toString() {
    String state =
        block != null ? block.state() : segment.scope().isAlive() ? name : name + ", closed";
    return "SharedMemory[" + state + ", " + size() + " bytes]";
  }

  private void check() {
    if (block != null) {
      block.check();
    } else if (!segment.scope().isAlive()) {
      throw new IllegalStateException("closed in this process: memory=" + name);
    }
  }

  private static SharedMemory create(String name, long size, boolean kept) {
    Require.positive("size", size);
    Require.notNull("name", name);
    try {
      return new SharedMemory(NamedMemory.create(name, size, kept), name);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "shared memory cannot be created: name=" + name + ", size=" + size + ": " + e, e);
    }
  }

  private static SharedMemory attach(String name, boolean readOnly) {
    Require.notNull("name", name);
    try {
      return new SharedMemory(NamedMemory.attach(name, readOnly), name);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "shared memory cannot be attached: name=" + name + ": " + e, e);
    }
  }

  private Object writeReplace() {
    check();
    return block != null
        ? new Unnamed(block, segment.isReadOnly())
        : new Named(name, segment.isReadOnly());
  }

  /// What is sent of memory without a name.
  private record Unnamed(Block block, boolean readOnly) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      block.require(Block.BYTES);
      return new SharedMemory(block, readOnly);
    }
  }

  /// What is sent of memory with a name.
  private record Named(String name, boolean readOnly) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      return attach(name, readOnly);
    }
  }
}
