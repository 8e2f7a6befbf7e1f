package io.procession.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The lines of one output stream of a child, read by a thread of their own as they come.
final class ChildOutput {
  /// How long the end of an ended child's output is waited for, which its own children may hold open.
  static final Duration REST = Deadlines.SHORT.multipliedBy(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private final Thread thread;
  private boolean ended;

  private ChildOutput(String name, BufferedReader reader) {
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> read(reader));
  }

  static ChildOutput of(Process process, String stream, BufferedReader reader) {
    var output = new ChildOutput("test-child-" + process.pid() + "-" + stream, reader);
    output.thread.start();
    return output;
  }

  private void read(BufferedReader reader) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(its end was not read: " + e + ")");
    } finally {
      end();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(String line) {
    lock.lock();
    try {
      lines.add(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  String text() {
    lock.lock();
    try {
      return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    } finally {
      lock.unlock();
    }
  }

  /// Returns what follows the prefix in the first line that has it, or null at the limit or the end.
  @Nullable String awaitLine(String prefix, Duration limit) {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      for (int seen = 0; ; ) {
        for (; seen < lines.size(); seen++) {
          if (lines.get(seen).startsWith(prefix)) {
            return lines.get(seen).substring(prefix.length());
          }
        }
        if (ended || nanos <= 0) {
          return null;
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end of the stream, which a grandchild may hold open beyond the child's end.
  void join(Duration limit) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
  }
}
