package io.procession.manager;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What those have who hold an object of the server while a function of a caller runs, since others have
/// changed it in each of some tries: taken before the object's monitor, and by one at a time in this JVM,
/// so that no two such functions wait for each other's objects.
final class Holding {
  /// So often a change is tried with no monitor held.
  static final int TRIES = 8;

  private static final ReentrantLock ONE = new ReentrantLock();

  private Holding() {}

  /// Runs a step that holds an object.
  static <T extends @Nullable Object> T alone(Supplier<T> step) {
    ONE.lock();
    try {
      return step.get();
    } finally {
      ONE.unlock();
    }
  }
}
