package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.ElementType;

/// Managers without a server: objects in shared memory that end together.
public final class LocalManagers {
  private LocalManagers() {}

  public static void main(String[] args) throws Exception {
    Part.of("local", LocalManagers::local);
    Part.of("memory", LocalManagers::memory);
  }

  private static void local() throws InterruptedException {
    // [local]
    try (var manager = Procession.localManager()) {
      var squares = manager.array(ElementType.INT, 4);
      var done = manager.event();
      Procession.start(() -> {
        squares.setInt(3, 9);
        done.set();
      });
      done.await();
      System.out.println(squares.getInt(3));
    } // array and event are gone, for all processes
    // [end]
  }

  private static void memory() throws InterruptedException {
    // [memory]
    try (var manager = Procession.sharedMemoryManager()) {
      var block = manager.sharedMemory(1 << 20);
      var list = manager.shareableList("a", 2, 3.5);
      Procession.start(
              () -> {
                block.buffer().putInt(0, 42);
                list.set(1, "b");
              })
          .join();
      System.out.println(block.buffer().getInt(0) + " " + list);
    } // unlinked, both
    // [end]
  }
}
