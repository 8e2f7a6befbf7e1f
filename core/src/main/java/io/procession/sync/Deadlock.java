package io.procession.sync;

import java.util.List;

/// Threads that wait for each other in a circle, each for a lock that the next one holds. None of them
/// goes on unless one gives up its wait or is killed.
///
/// @param circle the waits; the last waits for the first
public record Deadlock(List<Wait> circle) {
  /// Keeps a copy of the list.
  public Deadlock {
    circle = List.copyOf(circle);
  }

  /// A thread and what it waits for.
  ///
  /// @param process the name of its process
  /// @param pid its process id
  /// @param thread the thread's name, cut to 36 bytes of UTF-8; empty if it has none
  /// @param threadId the thread's number in its process
  /// @param lock the name of the lock that it waits for, which the next in the circle holds
  public record Wait(String process, long pid, String thread, long threadId, String lock) {
    /// One line: `worker-1 (pid 4711), thread 31 "main", waits for lock-2`.
    @Override
    public String toString() {
      return process
          + " (pid "
          + pid
          + "), thread "
          + threadId
          + (thread.isEmpty() ? "" : " \"" + thread + "\"")
          + ", waits for "
          + lock;
    }
  }

  /// Looks for deadlocks among the locks of this session, over all its processes.
  ///
  /// Sees waits for a [SharedLock] or [SharedReentrantLock] that have lasted 10 ms, up to 15,360 at a
  /// time. Costs nothing unless it is called; does not block. Safe for all threads.
  ///
  /// @return each deadlock once; what is reported was one during this call
  public static List<Deadlock> findAll() {
    return DeadlockSearch.run();
  }

  /// A line for each thread, and one that says what it is.
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("deadlock of ").append(circle.size()).append(" threads:");
    for (Wait wait : circle) {
      text.append("\n  ").append(wait).append(", held by the next");
    }
    return text.toString();
  }
}
