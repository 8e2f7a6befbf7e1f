package io.procession.architecture.broken.internal.posix;

import io.procession.architecture.broken.sync.Breaches;
import java.util.List;

/// A package that imports a higher floor.
public final class Upward {
  private Upward() {}

  static List<Class<?>> higher() {
    return List.of(Breaches.class);
  }
}
