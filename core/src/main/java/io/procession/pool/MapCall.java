package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// One call of `map`: cuts the inputs into chunks, and puts the results together in the thread that
/// asked for them.
final class MapCall {
  private final Dispatcher dispatcher;
  private final Codec codec;
  private final int length;
  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private final List<ChunkJob> chunks = new ArrayList<>();

  /// @param elements the inputs
  /// @throws io.procession.serial.NotSendableException if the function or an input cannot be sent
  MapCall(
      Dispatcher dispatcher,
      Codec codec,
      SerializableFunction<?, ?> function,
      @Nullable Object[] elements,
      int chunkSize) {
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.length = elements.length;
    int from = 0;
    while (from < length) {
      int to = from + Math.min(chunkSize, length - from);
      @Nullable Object[] part = Arrays.copyOfRange(elements, from, to);
      long id = dispatcher.nextId();
      ByteSink message = TaskLayout.chunk(id, TaskLayout.MAP, codec, function, part);
      chunks.add(new ChunkJob(id, message, from, part.length, false, arrivals));
      from = to;
    }
  }

  /// Has the chunks done and waits for them; if one fails, or this thread is interrupted, takes back
  /// what has not been begun.
  @Nullable Object[] results() throws InterruptedException {
    dispatcher.submitAll(chunks);
    @Nullable Object[] results = new @Nullable Object[length];
    int missing = length;
    try {
      while (missing > 0) {
        ChunkJob.Arrival arrival = arrivals.take();
        Answer answer = arrival.answer();
        int at = arrival.chunk().first() + answer.from();
        System.arraycopy(Answer.values(answer, codec), 0, results, at, answer.count());
        missing -= answer.count();
      }
    } finally {
      if (missing > 0) {
        for (ChunkJob chunk : chunks) {
          dispatcher.cancel(chunk);
        }
      }
    }
    return results;
  }

  static @Nullable Object[] elements(Iterable<?> inputs) {
    Objects.requireNonNull(inputs, "inputs");
    if (inputs instanceof Collection<?> collection) {
      @Nullable Object[] array = collection.toArray();
      return Arrays.copyOf(array, array.length, Object[].class);
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object input : inputs) {
      elements.add(input);
    }
    return elements.toArray();
  }
}
