package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The chunks of one map that are under way, and their answers: what goes on between a caller, who
/// sends and asks in one thread, and the dispatcher.
///
/// A chunk is under way until its last answer has been handed on, which in order may be long after
/// it was done; and only so many are, by number and by bytes.
final class ChunkFlow {
  /// Bytes of inputs or results that may be under way, unless single elements are so large.
  private static final long MOST_BYTES = 32L << 20;

  /// Which answers are handed on first.
  enum Order {
    /// Those that are there first.
    ARRIVAL,
    /// Those of what was sent first.
    SENDING
  }

  /// So many elements may be under way, for each chunk that may be, however many chunks that is: very short
  /// tasks that are sent one by one are done together only if many are there.
  private static final int FEW_ELEMENTS = 48;

  /// So many inputs of a chunk are kept for messages: those of larger ones are small tasks'.
  private static final int MOST_KEPT = 1024;

  private final Dispatcher dispatcher;
  private final Consumer<ChunkJob> sending;
  private final Codec codec;
  private final FunctionBytes function;
  private final int kind;
  private final Order order;
  private final Pace pace;
  private final int leastRoom;
  private final int mostRoom;

  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Set<ChunkJob> underway = new LinkedHashSet<>();
  private long elements;

  /// @param sending what takes a chunk on, of the dispatcher
  /// @param kind as [TaskLayout] has it
  /// @param leastRoom how many chunks may be under way, however large they are
  /// @param mostRoom how many may, however small
  /// @throws NotSendableException if the function cannot be sent
  ChunkFlow(
      Dispatcher dispatcher,
      Consumer<ChunkJob> sending,
      Codec codec,
      SerializableFunction<?, ?> function,
      int kind,
      Order order,
      Pace pace,
      int leastRoom,
      int mostRoom) {
    this.dispatcher = dispatcher;
    this.sending = sending;
    this.codec = codec;
    this.function = new FunctionBytes(codec, Require.notNull("function", function));
    this.kind = kind;
    this.order = order;
    this.pace = pace;
    this.leastRoom = leastRoom;
    this.mostRoom = mostRoom;
  }

  boolean hasRoom() {
    int chunks = underway.size();
    boolean isFew = chunks < mostRoom || elements < (long) FEW_ELEMENTS * leastRoom;
    return chunks < leastRoom || (isFew && elements * pace.bytesEach() < MOST_BYTES);
  }

  /// How many elements are under way.
  long elements() {
    return elements;
  }

  /// True if some answer has come that was not handed on.
  boolean hasArrived() {
    return !arrivals.isEmpty();
  }

  /// Sends a chunk. Of one whose elements fail each for itself, an element that cannot be sent is
  /// answered with that, in its place.
  ///
  /// @param first the index of its first element among all
  /// @param isKept whether its elements are kept by others, too
  /// @throws NotSendableException if an element cannot be sent, and they fail together
  /// @throws IllegalStateException if the pool takes no more tasks
  void send(@Nullable Object[] chunk, long first, boolean isKept) {
    long id = dispatcher.nextId();
    ByteSink message;
    try {
      message = TaskLayout.chunk(id, kind, codec, function, chunk);
    } catch (NotSendableException | IllegalStateException e) {
      sendParts(chunk, first, isKept, e);
      return;
    }
    pace.sent(chunk.length, message.length());
    boolean isEach = kind == TaskLayout.EACH;
    @Nullable Object[] inputs = isKept || chunk.length <= MOST_KEPT ? chunk : null;
    ChunkJob job = new ChunkJob(id, message, first, chunk.length, isEach, arrivals, inputs);
    sending.accept(job);
    note(job);
  }

  private void note(ChunkJob job) {
    underway.add(job);
    elements += job.count();
  }

  /// Either one of the elements is at fault, or all are too much for one message.
  private void sendParts(
      @Nullable Object[] chunk, long first, boolean isKept, RuntimeException failure) {
    boolean isEach = kind == TaskLayout.EACH;
    if (chunk.length > 1 && (isEach || failure instanceof IllegalStateException)) {
      int half = chunk.length / 2;
      send(Arrays.copyOf(chunk, half), first, isKept);
      send(Arrays.copyOfRange(chunk, half, chunk.length), first + half, isKept);
      return;
    }
    RuntimeException told = located(chunk, first, failure);
    if (!isEach) {
      throw told;
    }
    ChunkJob job = new ChunkJob(0, new ByteSink(0), first, 1, true, arrivals);
    job.end(); // nobody else has it
    note(job);
    job.answer(new Answer.Refused(told));
  }

  /// Says which input is to blame.
  private RuntimeException located(@Nullable Object[] chunk, long first, RuntimeException failure) {
    for (int i = 0; i < chunk.length && failure instanceof NotSendableException; i++) {
      try {
        codec.encode(chunk[i], new ByteSink(chunk.length).keepingHandles());
      } catch (NotSendableException e) {
        String which = "element=" + (first + i) + ", input=" + Inputs.shown(chunk[i]);
        return new NotSendableException(
            "an input cannot be sent: " + which + "; " + e.getMessage(), e.getCause());
      }
    }
    return failure;
  }

  /// Waits for the next answer.
  ///
  /// @param deadline as those of [Until]
  /// @return null if the deadline has passed, or nothing is under way
  ChunkJob.@Nullable Arrival next(long deadline) throws InterruptedException {
    if (underway.isEmpty()) {
      return null;
    }
    ChunkJob.Arrival next = order == Order.SENDING ? nextInOrder(deadline) : arrive(deadline);
    if (next != null) {
      int count = next.answer().count();
      elements -= count;
      if (next.answer().from() + count >= next.chunk().count()) {
        underway.remove(next.chunk());
      }
    }
    return next;
  }

  private ChunkJob.@Nullable Arrival nextInOrder(long deadline) throws InterruptedException {
    while (true) {
      ChunkJob head = underway.iterator().next();
      ArrayDeque<Answer> kept = head.kept();
      Answer answer = kept.pollFirst();
      if (answer != null) {
        return new ChunkJob.Arrival(head, answer);
      }
      ChunkJob.Arrival arrival = arrive(deadline);
      if (arrival == null) {
        return null;
      }
      arrival.chunk().kept().addLast(arrival.answer());
    }
  }

  private ChunkJob.@Nullable Arrival arrive(long deadline) throws InterruptedException {
    ChunkJob.Arrival arrival = Interruption.take(arrivals, deadline);
    if (arrival != null) {
      arrival.answer().measure(pace);
    }
    return arrival;
  }

  /// Takes back what no worker has begun, and forgets the rest.
  ///
  /// @param stopsRunning whether what has been begun is to end in its workers, too
  void cancel(boolean stopsRunning) {
    dispatcher.cancel(underway, stopsRunning);
    underway.clear();
    arrivals.clear();
    elements = 0;
  }
}
