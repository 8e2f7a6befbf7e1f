package io.procession.internal.remote;

import org.jspecify.annotations.Nullable;

/// The thread that calls an object of the server: one of another process.
///
/// What is owned by a thread (a lock, say) asks here who that is.
///
/// @param peer its process
/// @param thread its number among the threads of that process
public record Caller(Peer peer, long thread) {
  private static final ThreadLocal<@Nullable Caller> CURRENT = new ThreadLocal<>();

  /// The caller on whose behalf the current thread runs.
  ///
  /// @return null if the thread runs on nobody's behalf
  public static @Nullable Caller current() {
    return CURRENT.get();
  }

  static void enter(Caller caller) {
    CURRENT.set(caller);
  }

  static void leave() {
    CURRENT.remove();
  }

  /// Like `thread 41 of process worker-3`.
  @Override
  public String toString() {
    return "thread " + thread + " of process " + peer;
  }
}
