package io.procession.pool;

import io.procession.internal.posix.Until;
import io.procession.serial.Codec;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One call of `map`: sends its inputs chunk by chunk, a little ahead of the results, and puts these
/// together. If something fails, or the thread is interrupted, what has not been begun is taken
/// back; after an interrupt what has been begun is stopped, too.
final class MapCall {
  private static final int FIRST_CAPACITY = 64;

  private final Dispatcher dispatcher;
  private final Codec codec;
  private final ChunkFlow flow;
  private final Chunking chunking;
  private final Inputs inputs;
  private @Nullable Object[] results;
  private int sent;
  private volatile boolean leavesRunning;

  /// @param flow of chunks that fail as a whole, which go to the dispatcher's feed
  MapCall(Dispatcher dispatcher, Codec codec, ChunkFlow flow, Chunking chunking, Inputs inputs) {
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.flow = flow;
    this.chunking = chunking;
    this.inputs = inputs;
    boolean isKnown = inputs.left() != Inputs.UNKNOWN;
    this.results = new @Nullable Object[isKnown ? (int) inputs.left() : FIRST_CAPACITY];
  }

  /// Sends the first chunks. From now on the pool is not idle before [#results] has ended.
  ///
  /// @throws IllegalStateException if the pool takes no more tasks
  void begin() {
    dispatcher.beginFeed();
    boolean done = false;
    try {
      fill();
      done = true;
    } finally {
      if (!done) {
        end();
      }
    }
  }

  /// Waits for all results.
  @Nullable Object[] results() throws InterruptedException {
    boolean isInterrupted = false;
    try {
      while (flow.elements() > 0) {
        ChunkJob.Arrival arrival = Objects.requireNonNull(flow.next(Until.FOREVER));
        fill(); // first of all, so that no worker waits for this thread
        keep(arrival);
      }
      return results.length == sent ? results : Arrays.copyOf(results, sent);
    } catch (InterruptedException e) {
      isInterrupted = true;
      throw e;
    } finally {
      end(isInterrupted && !leavesRunning);
    }
  }

  /// The interrupt that will come is to stop nothing that runs.
  void leaveRunning() {
    leavesRunning = true;
  }

  /// Instead of [#results], if those cannot be waited for.
  void end() {
    end(false);
  }

  private void end(boolean stopsRunning) {
    try {
      flow.cancel(stopsRunning);
    } finally {
      dispatcher.endFeed();
    }
  }

  private void fill() {
    while (flow.hasRoom() && inputs.hasNext()) {
      @Nullable Object[] chunk = inputs.next(chunking);
      int first = sent;
      sent = Math.addExact(sent, chunk.length);
      flow.send(chunk, first, inputs.areKept());
    }
  }

  private void keep(ChunkJob.Arrival arrival) {
    Answer answer = arrival.answer();
    @Nullable Object[] values = arrival.values(codec);
    int at = (int) arrival.chunk().first() + answer.from();
    if (at + values.length > results.length) {
      results = Arrays.copyOf(results, Math.max(at + values.length, 2 * results.length));
    }
    System.arraycopy(values, 0, results, at, values.length);
  }
}
