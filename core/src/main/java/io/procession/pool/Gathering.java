package io.procession.pool;

import io.procession.internal.posix.Until;
import io.procession.serial.Codec;
import java.util.Arrays;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/// One run of a stream through a pool: elements go out in chunks, results come back, a bounded number
/// of both under way. All in the stream's thread.
final class Gathering<R extends @Nullable Object> {
  /// An element that waits for others to fill its chunk does so no longer, if more come at all.
  private static final long FILL_NANOS = Chunking.TARGET_NANOS;

  /// Elements that come so slowly are not worth waiting for: a message costs far less.
  private static final long SLOW_NANOS = 1_000_000;

  private final String pool;
  private final Codec codec;
  private final ChunkFlow flow;
  private final Chunking chunking;
  private final long mostElements;
  private final Runnable atEnd;

  private @Nullable Object[] chunk = {};
  private int count;
  private long sent;
  private long since;
  private long last = System.nanoTime();
  private boolean isStopped;

  /// @param mostElements how many may be under way, with those that wait for their chunk
  /// @param atEnd what is done when all results have been passed on
  Gathering(
      String pool,
      Codec codec,
      ChunkFlow flow,
      Chunking chunking,
      long mostElements,
      Runnable atEnd) {
    this.pool = pool;
    this.codec = codec;
    this.flow = flow;
    this.chunking = chunking;
    this.mostElements = mostElements;
    this.atEnd = atEnd;
  }

  /// Takes an element, and passes on what results there are.
  ///
  /// @return false if no more are wanted
  boolean integrate(@Nullable Object element, Gatherer.Downstream<? super R> downstream) {
    return guarded(() -> {
      long now = System.nanoTime();
      if (count == 0) {
        chunk = new @Nullable Object[chunking.next(Inputs.UNKNOWN)];
        since = now;
      }
      chunk[count++] = element;
      boolean isFull = count == chunk.length || flow.elements() + count == mostElements;
      if (isFull || now - since > FILL_NANOS || now - last > SLOW_NANOS) {
        send();
      }
      last = now;
      while (flow.elements() > 0 && !hasRoom()) {
        if (!passOn(downstream, Until.FOREVER)) {
          return false;
        }
      }
      return passOnAll(downstream, Until.NOW);
    });
  }

  /// There are no more elements: passes on the remaining results.
  void finish(Gatherer.Downstream<? super R> downstream) {
    var _ =
        guarded(() -> {
          if (count > 0) {
            send();
          }
          return passOnAll(downstream, Until.FOREVER);
        });
    atEnd.run();
  }

  private boolean hasRoom() {
    return flow.hasRoom() && flow.elements() + count < mostElements;
  }

  private void send() {
    flow.send(count == chunk.length ? chunk : Arrays.copyOf(chunk, count), sent, false);
    sent += count;
    count = 0;
  }

  private interface Step {
    boolean run() throws InterruptedException;
  }

  /// Whatever ends the stream, no chunk is begun any more.
  private boolean guarded(Step step) {
    if (isStopped) {
      return false;
    }
    boolean goesOn = false;
    boolean isInterrupted = false;
    try {
      goesOn = step.run();
    } catch (InterruptedException e) {
      isInterrupted = true;
      Thread.currentThread().interrupt();
      throw Maps.interrupted(pool);
    } finally {
      if (!goesOn) {
        isStopped = true;
        flow.cancel(isInterrupted);
      }
    }
    return goesOn;
  }

  private boolean passOnAll(Gatherer.Downstream<? super R> downstream, long deadline)
      throws InterruptedException {
    boolean goesOn = true;
    while (goesOn && flow.elements() > 0 && (deadline == Until.FOREVER || flow.hasArrived())) {
      goesOn = passOn(downstream, deadline);
    }
    return goesOn;
  }

  private boolean passOn(Gatherer.Downstream<? super R> downstream, long deadline)
      throws InterruptedException {
    ChunkJob.Arrival arrival = flow.next(deadline);
    if (arrival != null) {
      for (Object value : arrival.values(codec)) {
        if (!downstream.push(ProcessPool.cast(value))) {
          return false;
        }
      }
    }
    return !downstream.isRejecting();
  }
}
