package io.procession.testing;

import java.io.Serializable;

/// What a child JVM of a test runs; a lambda will do, if what it captures is serializable.
@FunctionalInterface
public interface Body extends Serializable {
  /// Runs in the child; whatever is thrown fails the test in the parent.
  void run() throws Throwable;
}
