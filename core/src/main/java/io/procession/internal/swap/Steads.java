package io.procession.internal.swap;

import org.jspecify.annotations.Nullable;

/// Those of the threads of this process.
final class Steads {
  static final ThreadLocal<@Nullable Stead> CURRENT = new ThreadLocal<>();

  private Steads() {}
}
