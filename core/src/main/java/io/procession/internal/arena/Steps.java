package io.procession.internal.arena;

import org.jspecify.annotations.Nullable;

/// Each access to a word of shared memory, as the crash model of the tests sees it.
///
/// The model stops a participant before any of its accesses, lets another go on, or lets it die there.
/// Without the system property `procession.model` a step costs nothing once compiled.
public final class Steps {
  /// True in a JVM whose accesses a model may watch.
  public static final boolean ARE_WATCHED = Boolean.getBoolean("procession.model");

  private static volatile @Nullable Watcher watcher;

  private Steps() {}

  /// Is told before each access, on the thread that makes it.
  interface Watcher {
    void beforeLoad();

    void beforeStore();
  }

  /// Names who is told from now on; null for nobody.
  static void watch(@Nullable Watcher newWatcher) {
    if (!ARE_WATCHED) {
      throw new IllegalStateException("steps are watched with -Dprocession.model=true only");
    }
    watcher = newWatcher;
  }

  static void load() {
    if (ARE_WATCHED) {
      Watcher told = watcher;
      if (told != null) {
        told.beforeLoad();
      }
    }
  }

  static void store() {
    if (ARE_WATCHED) {
      Watcher told = watcher;
      if (told != null) {
        told.beforeStore();
      }
    }
  }
}
