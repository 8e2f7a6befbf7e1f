package io.procession.manager;

import io.procession.internal.arena.Estate;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedMemory;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A manager of shared memory: the blocks and lists that it makes end with it.
///
/// ```java
/// try (var manager = Procession.sharedMemoryManager()) {
///   SharedMemory block = manager.sharedMemory(1 << 20);
///   ShareableList list = manager.shareableList("a", 2, 3.5);
///   ...
/// } // unlinked, both
/// ```
///
/// All is unlinked, for all processes, when the manager is closed, and also when the process that has
/// opened it ends or is killed: public names, too. There is no server. A block may be closed or unlinked
/// before.
///
/// Safe for all threads. A manager cannot be sent: send what it has made.
public final class SharedMemoryManager implements AutoCloseable {
  private static final AtomicInteger MANAGERS = new AtomicInteger();

  private final String name = "memory-manager-" + MANAGERS.incrementAndGet();
  private final Estate estate = Estate.open(name);

  private SharedMemoryManager() {}

  /// Opens a manager.
  ///
  /// @return the manager, which has made nothing yet
  public static SharedMemoryManager open() {
    return new SharedMemoryManager();
  }

  /// Creates memory without a public name.
  ///
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive
  /// @throws IllegalStateException if the manager is shut down
  public SharedMemory sharedMemory(long size) {
    return estate.make(() -> SharedMemory.create(size), SharedMemory::unlink);
  }

  /// Creates memory with a public name, under which any process of the user attaches it.
  ///
  /// @param publicName 1 to 255 bytes, no slash
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive, or the name cannot be one
  /// @throws IllegalStateException if the manager is shut down
  /// @throws java.io.UncheckedIOException if the name is taken, or there is no room for it
  public SharedMemory sharedMemory(String publicName, long size) {
    return estate.make(
        () -> SharedMemory.create(publicName, size), SharedMemoryManager::closeAndUnlink);
  }

  /// Creates a list of fixed length, without a public name.
  ///
  /// @param elements its elements: numbers, truth values, strings, bytes and null
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of another type
  /// @throws IllegalStateException if the manager is shut down
  public ShareableList shareableList(@Nullable Object... elements) {
    return estate.make(() -> ShareableList.of(elements), list -> list.memory().unlink());
  }

  /// Creates a list of fixed length with a public name, under which any process of the user, also of
  /// Python, attaches it.
  ///
  /// @param publicName 1 to 255 bytes, no slash
  /// @param elements its elements: numbers, truth values, strings, bytes and null
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of another type, or the name cannot be one
  /// @throws IllegalStateException if the manager is shut down
  /// @throws java.io.UncheckedIOException if the name is taken, or there is no room for it
  public ShareableList shareableList(
      String publicName, Collection<? extends @Nullable Object> elements) {
    return estate.make(
        () -> ShareableList.create(publicName, elements), list -> closeAndUnlink(list.memory()));
  }

  private static void closeAndUnlink(SharedMemory memory) {
    try {
      boolean _ = memory.unlink();
    } finally {
      memory.close();
    }
  }

  /// How many blocks and lists it has made; without those that had no public name and were unlinked.
  ///
  /// @return the number
  public int numberOfObjects() {
    return estate.size();
  }

  /// Unlinks all that it has made, for all processes. Again it does nothing.
  ///
  /// @throws IllegalStateException if a native call or a channel of this process is at work with one of
  ///     the blocks; what was not unlinked then goes with this process
  public void shutdown() {
    estate.close();
  }

  /// As [#shutdown].
  @Override
  public void close() {
    shutdown();
  }

  /// Name and number of objects: `SharedMemoryManager[memory-manager-1, 2 objects]`.
  @Override
  public String toString() {
    return "SharedMemoryManager[" + name + ", " + numberOfObjects() + " objects]";
  }
}
