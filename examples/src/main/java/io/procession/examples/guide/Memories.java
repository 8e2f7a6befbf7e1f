package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.SharedMemory;
import java.lang.foreign.ValueLayout;

/// Shared memory as bytes, and what remains of it.
public final class Memories {
  private Memories() {}

  public static void main(String[] args) throws Exception {
    Part.of("memory", Memories::withoutName);
    Part.of("named", Memories::named);
    Part.of("closing", Memories::closing);
    Part.of("deaths", Memories::deaths);
  }

  private static void withoutName() throws InterruptedException {
    // [memory]
    try (var memory = Procession.sharedMemory(1 << 20)) {
      var child =
          Procession.start(() -> {
            memory.segment().set(ValueLayout.JAVA_INT, 0, 42);
          });
      child.join();
      System.out.println(memory.segment().get(ValueLayout.JAVA_INT, 0));
      memory.unlink();
    }
    // [end]
  }

  private static void named() {
    String unique = "guide-" + ProcessHandle.current().pid();
    try {
      attach(unique);
    } finally {
      try (var left = SharedMemory.attach(unique)) {
        left.unlink();
      } catch (RuntimeException _) {
        // gone, as it is to be
      }
    }
  }

  private static void attach(String name) {
    // [named]
    try (var memory = Procession.sharedMemory(name, 4096)) {
      memory.buffer().putInt(0, 42);
      try (var other = SharedMemory.attachReadOnly(name)) { // in any process of the user
        System.out.println(other.buffer().getInt(0) + " of " + other.size() + " bytes");
        try {
          other.segment().set(ValueLayout.JAVA_INT, 0, 1);
        } catch (IllegalArgumentException e) {
          System.out.println(e.getMessage());
        }
      }
      memory.unlink();
    }
    // [end]
  }

  private static void closing() {
    // [closing]
    var value = Procession.value(1);
    value.close();
    try {
      value.get();
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
    // [end]
  }

  private static void deaths() throws InterruptedException {
    // [deaths]
    var progress = Procession.rawValue(0);
    var worker =
        Procession.start(() -> {
          for (int i = 1; true; i++) {
            progress.set(i);
          }
        });
    while (progress.get() == 0) {
      Thread.sleep(1);
    }
    worker.kill();
    worker.join();
    System.out.println(progress.get() > 0);
    // [end]
    progress.destroy();
  }
}
