package io.procession.pool;

import io.procession.internal.check.Require;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// Draws how far a pool is, in one line that is drawn anew ten times a second:
///
/// ```java
/// try (var bar = ProgressBar.to(System.err, files.size());
///     var pool = ProcessPool.open(PoolOptions.defaults().withListener(bar))) {
///   pool.map(Index::read, files);
/// }
/// ```
///
/// ```text
/// [##############----------------]  47%  470 of 1000, 2 failed, 93/s, 6 s left
/// ```
///
/// It counts single calls and elements of maps, of those that the pool takes; of a chunk, when all
/// of it is done. Safe for several pools at once, whose work it adds up. Listeners hear of things a
/// moment later; a pool that closes waits for that, for ten seconds at most.
public final class ProgressBar implements PoolListener, AutoCloseable {
  private static final int WIDTH = 30;
  private static final long INTERVAL_NANOS = 100_000_000;
  private static final int PERCENT = 100;

  private final PrintStream out;
  private final long total;
  private final long begun = System.nanoTime();

  // guarded by this
  private long done;
  private long failed;
  private long drawn;
  private int length;
  private boolean isDrawn;

  private ProgressBar(PrintStream out, long total) {
    this.out = out;
    this.total = total;
  }

  /// A bar for work of a known size.
  ///
  /// @param out where it is drawn, mostly `System.err`
  /// @param total how many calls and elements there will be
  /// @return the bar, which is drawn as soon as something is done
  /// @throws IllegalArgumentException if the number is not positive
  public static ProgressBar to(PrintStream out, long total) {
    Require.positive("total", total);
    return new ProgressBar(Require.notNull("out", out), total);
  }

  @Override
  public void taskFinished(TaskEvent event) {
    add(event.count(), 0);
  }

  @Override
  public void taskFailed(TaskEvent event) {
    add(event.count() == 1 ? 1 : 0, 1);
  }

  private synchronized void add(int more, int failures) {
    done += more;
    failed += failures;
    long now = System.nanoTime();
    if (!isDrawn || done >= total || now - drawn >= INTERVAL_NANOS) {
      drawn = now;
      draw(now);
    }
  }

  private void draw(long now) {
    isDrawn = true;
    String line = line(done, failed, total, Duration.ofNanos(now - begun));
    out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
    out.flush();
    length = line.length();
  }

  static String line(long done, long failed, long total, Duration age) {
    double share = Math.min(1, (double) done / total);
    int full = (int) (share * WIDTH);
    double seconds = Math.max(age.toNanos() / 1e9, 1e-9);
    double rate = done / seconds;
    StringBuilder text = new StringBuilder("[");
    text.append("#".repeat(full)).append("-".repeat(WIDTH - full)).append("] ");
    text.append(String.format(Locale.ROOT, "%3d%%  ", (int) (share * PERCENT)));
    text.append(done).append(" of ").append(total);
    if (failed > 0) {
      text.append(", ").append(failed).append(" failed");
    }
    text.append(String.format(Locale.ROOT, rate < 10 ? ", %.1f/s" : ", %.0f/s", rate));
    if (done > 0 && done < total) {
      text.append(", ").append(Math.round((total - done) / rate)).append(" s left");
    }
    return text.toString();
  }

  /// Draws it for the last time, and ends its line.
  @Override
  public synchronized void close() {
    draw(System.nanoTime());
    out.println();
  }
}
