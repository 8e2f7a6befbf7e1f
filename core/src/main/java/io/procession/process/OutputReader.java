package io.procession.process;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.Until;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads what a child writes, and gives it to a consumer line by line.
///
/// Two threads read, so that the child never waits for room in a pipe, and a third gives lines away
/// as fast as they are taken. Who holds a pipe open behind the child, a child of its own, is read on
/// after the child's end.
final class OutputReader {
  private static final int MAX_LINES = 10_000;
  private static final int MAX_CHARACTERS = 8_000_000;
  private static final long STACK_BYTES = 256 * 1024;
  private static final int BUFFER = 1 << 14;

  /// Beyond its process's end, a stream that another process holds open.
  private static final long HELD_OPEN_NANOS = 200_000_000;

  private static final long SLOW_CONSUMER_NANOS = 2_000_000_000;

  private static final Charset CHARSET =
      Charset.forName(System.getProperty("native.encoding", "UTF-8"), Charset.defaultCharset());

  private final String name;
  private final Consumer<OutputLine> consumer;
  private final Deque<OutputLine> lines = new ArrayDeque<>(); // guarded by lines
  private int characters; // guarded by lines
  private long dropped; // guarded by lines
  private int open = 2; // streams, guarded by lines
  private boolean isGiving; // a line is at the consumer, guarded by lines
  private long pid; // guarded by lines
  private volatile @Nullable Process process; // written before what follows
  private final AtomicLong reads = new AtomicLong();
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(2);
  private final CountDownLatch delivered = new CountDownLatch(1);

  private OutputReader(String name, Consumer<OutputLine> consumer) {
    this.name = name;
    this.consumer = consumer;
  }

  /// Starts the threads, before there is a process: where none can be had there shall be none. The caller then
  /// either calls [#readFrom] or [#dismiss].
  static OutputReader start(String name, Consumer<OutputLine> consumer) {
    OutputReader reader = new OutputReader(name, consumer);
    boolean isComplete = false;
    try {
      reader.thread("out", () -> reader.read(false));
      reader.thread("err", () -> reader.read(true));
      reader.thread("lines", reader::deliver);
      isComplete = true;
    } finally {
      if (!isComplete) {
        reader.dismiss();
      }
    }
    return reader;
  }

  /// One for a process that takes the place of this one's.
  OutputReader successor() {
    return start(name, consumer);
  }

  /// Begins to read.
  void readFrom(Process started) {
    synchronized (lines) {
      pid = started.pid();
    }
    process = started;
    told.countDown();
  }

  /// There is no process.
  void dismiss() {
    synchronized (lines) {
      open = 0;
      lines.notifyAll();
    }
    told.countDown();
  }

  /// After the child's end: waits until all it wrote has been given away, or for as long as it is worth.
  void awaitDelivered() throws InterruptedException {
    awaitDelivered(HELD_OPEN_NANOS, SLOW_CONSUMER_NANOS);
  }

  /// @param heldOpen how long to wait for more of a stream that has not ended
  /// @param slow how long to wait in all
  void awaitDelivered(long heldOpen, long slow) throws InterruptedException {
    long deadline = Until.after(slow);
    long before = -1;
    boolean haveEnded = false;
    while (!haveEnded && reads.get() != before && !Until.hasPassed(deadline)) {
      before = reads.get(); // as long as there is more to read, nobody holds it open
      haveEnded = ended.await(heldOpen, TimeUnit.NANOSECONDS);
    }
    if (haveEnded) {
      var _ = delivered.await(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS);
    } else {
      awaitTaken(deadline);
    }
  }

  /// Waits until what has been read has been given away.
  private void awaitTaken(long deadline) throws InterruptedException {
    synchronized (lines) {
      while ((isGiving || !lines.isEmpty()) && !Until.hasPassed(deadline)) {
        TimeUnit.NANOSECONDS.timedWait(lines, Until.nanosLeft(deadline));
      }
    }
  }

  private void thread(String what, Runnable work) {
    Thread thread = new Thread(null, work, "procession-" + what + "-" + name, STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
  }

  /// Whatever fails, such as want of memory: the stream counts as ended, so nobody waits for more of it.
  private void read(boolean isError) {
    try {
      told.await();
      Process started = process;
      if (started != null) {
        read(isError ? started.getErrorStream() : started.getInputStream(), isError);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e); // nobody knows this thread
    } finally {
      synchronized (lines) {
        open--;
        lines.notifyAll();
      }
      ended.countDown();
    }
  }

  private void read(InputStream in, boolean isError) {
    try (in) { // closed in any case: else the child would wait for room in a pipe that nobody reads
      byte[] buffer = new byte[BUFFER];
      LineCutter cutter = new LineCutter(CHARSET, text -> put(text, isError));
      try {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          cutter.add(buffer, read);
          reads.incrementAndGet();
        }
      } finally {
        cutter.end();
      }
    } catch (IOException e) {
      // as good as its end
    }
  }

  private void put(String text, boolean isError) {
    synchronized (lines) {
      lines.add(new OutputLine(name, pid, isError, text));
      characters += text.length();
      while (lines.size() > MAX_LINES || (characters > MAX_CHARACTERS && lines.size() > 1)) {
        characters -= lines.remove().text().length();
        dropped++;
      }
      lines.notifyAll();
    }
  }

  private void deliver() {
    boolean hasFailed = false;
    try {
      for (OutputLine line = next(); line != null; line = next()) {
        try {
          consumer.accept(line);
        } catch (RuntimeException | Error e) {
          if (!hasFailed) {
            hasFailed = true;
            LibraryLogger.of("io.procession.process")
                .log(Level.WARNING, "the consumer of the output of " + name + " has failed", e);
          }
        }
      }
    } finally {
      delivered.countDown();
    }
  }

  private @Nullable OutputLine next() {
    synchronized (lines) {
      isGiving = false;
      lines.notifyAll();
      while (lines.isEmpty() && open > 0) {
        try {
          lines.wait();
        } catch (InterruptedException e) {
          // nobody but the consumer has a reason to: the child's output still comes
        }
      }
      if (dropped > 0) {
        String text = "(" + dropped + " lines were dropped here: they were not taken in time)";
        dropped = 0;
        return new OutputLine(name, pid, true, text);
      }
      OutputLine line = lines.poll();
      characters -= line == null ? 0 : line.text().length();
      isGiving = line != null;
      return line;
    }
  }
}
