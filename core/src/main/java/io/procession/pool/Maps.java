package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.serial.Codec;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableTriFunction;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/// What all maps of a pool have in common: how they are cut, and how far ahead of their results they
/// are sent.
final class Maps {
  /// Instead of a size: chunks are adapted to what is measured.
  static final int ADAPTED = 0;

  /// Chunks under way for each worker. A map takes results as they come, so a few do; the caller of an
  /// iterator may be slow, or in bursts; and results in order may have to wait for a slow one.
  private static final int ROOM_OF_MAP = 4;

  private static final int ROOM_OF_ITERATOR = 16;
  private static final int ROOM_IN_ORDER = 32;

  private final String pool;
  private final Dispatcher dispatcher;
  private final Codec codec;
  private final CallbackLane callbacks;
  private final int workers;
  private final Contexts contexts;
  private final int mostOfChunk;
  private final Paces paces = new Paces();

  Maps(
      String pool,
      Dispatcher dispatcher,
      Codec codec,
      CallbackLane callbacks,
      PoolOptions options) {
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.callbacks = callbacks;
    this.workers = options.processes();
    this.contexts = new Contexts(options.contexts());
    this.mostOfChunk = options.isolation() == Isolation.WORKER ? Integer.MAX_VALUE : 1;
  }

  /// @param origin the function as the user gave it
  <R extends @Nullable Object> List<R> map(
      SerializableFunction<?, ? extends R> function, Object origin, Inputs inputs, int chunkSize) {
    Pace pace = paces.begin(origin);
    MapCall call = call(function, inputs, chunkSize, pace);
    call.begin();
    try {
      List<R> results = list(call.results());
      paces.end(origin, pace);
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(pool);
    }
  }

  /// @param inputs are read now
  <R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      SerializableFunction<?, ? extends R> function, Object origin, Inputs inputs, int chunkSize) {
    Pace pace = paces.begin(origin);
    MapCall call = call(function, inputs.readNow(), chunkSize, pace);
    Callable<List<R>> results =
        () -> {
          List<R> known = list(call.results());
          paces.end(origin, pace);
          return known;
        };
    call.begin();
    return AsyncResult.of(callbacks, call, results); // nothing between these two may fail
  }

  private MapCall call(
      SerializableFunction<?, ?> function, Inputs inputs, int chunkSize, Pace pace) {
    int room = (chunkSize == ADAPTED ? ROOM_OF_MAP : ROOM_OF_ITERATOR) * workers;
    ChunkFlow flow =
        flow(dispatcher::feed, function, TaskLayout.MAP, ChunkFlow.Order.ARRIVAL, pace, room);
    return new MapCall(dispatcher, codec, flow, chunking(chunkSize, pace), inputs);
  }

  <R extends @Nullable Object> ResultIterator<R> iterate(
      SerializableFunction<?, ? extends R> function,
      Inputs inputs,
      int chunkSize,
      ChunkFlow.Order order) {
    Pace pace = paces.begin(function);
    ChunkFlow flow = flow(function, TaskLayout.EACH, order, pace);
    Runnable end = () -> paces.end(function, pace);
    return new ChunkResults<>(pool, codec, flow, chunking(chunkSize, pace), inputs, end);
  }

  /// @param mostElements how many elements may be under way, [Integer#MAX_VALUE] for as many as suits
  <A extends @Nullable Object, R extends @Nullable Object> Gatherer<A, ?, R> gatherer(
      SerializableFunction<? super A, ? extends R> function,
      int mostElements,
      ChunkFlow.Order order) {
    Require.notNull("function", function);
    return Gatherer.<A, Gathering<R>, R>ofSequential(
        () -> gathering(function, mostElements, order),
        Gatherer.Integrator.of(Gathering::integrate),
        Gathering::finish);
  }

  private <R extends @Nullable Object> Gathering<R> gathering(
      SerializableFunction<?, ? extends R> function, int mostElements, ChunkFlow.Order order) {
    Pace pace = paces.begin(function);
    ChunkFlow flow = flow(function, TaskLayout.MAP, order, pace);
    int share = mostElements / (Desk.LEAST_AHEAD * workers);
    Chunking chunking = Chunking.adapted(workers, Math.min(share, mostOfChunk), pace);
    Runnable end = () -> paces.end(function, pace);
    return new Gathering<>(pool, codec, flow, chunking, mostElements, end);
  }

  private ChunkFlow flow(
      SerializableFunction<?, ?> function, int kind, ChunkFlow.Order order, Pace pace) {
    int room = (order == ChunkFlow.Order.SENDING ? ROOM_IN_ORDER : ROOM_OF_ITERATOR) * workers;
    return flow(chunk -> dispatcher.submit(chunk, false), function, kind, order, pace, room);
  }

  private ChunkFlow flow(
      Consumer<ChunkJob> sending,
      SerializableFunction<?, ?> function,
      int kind,
      ChunkFlow.Order order,
      Pace pace,
      int mostRoom) {
    SerializableFunction<?, ?> carried = contexts.carry(Require.notNull("function", function));
    return new ChunkFlow(
        dispatcher, sending, codec, carried, kind, order, pace, leastRoom(), mostRoom);
  }

  private int leastRoom() {
    return Desk.LEAST_AHEAD * workers;
  }

  private Chunking chunking(int size, Pace pace) {
    return size == ADAPTED
        ? Chunking.adapted(workers, mostOfChunk, pace)
        : Chunking.given(size, pace);
  }

  /// What the caller of a method that waits is told when its thread is interrupted.
  static CancellationException interrupted(String pool) {
    Interruption.checkStop();
    return new CancellationException("interrupted while waiting for a task of " + pool);
  }

  /// A function of the first two elements of an array.
  static <R extends @Nullable Object> SerializableFunction<@Nullable Object[], R> spread(
      SerializableBiFunction<?, ?, ? extends R> function) {
    Require.notNull("function", function);
    return row ->
        ProcessPool.<SerializableBiFunction<Object, Object, R>>cast(function).apply(row[0], row[1]);
  }

  /// A function of the first three elements of an array.
  static <R extends @Nullable Object> SerializableFunction<@Nullable Object[], R> spread(
      SerializableTriFunction<?, ?, ?, ? extends R> function) {
    Require.notNull("function", function);
    return row ->
        ProcessPool.<SerializableTriFunction<Object, Object, Object, R>>cast(function)
            .apply(row[0], row[1], row[2]);
  }

  @SuppressWarnings("unchecked") // the function that the user gave has this type
  private static <R extends @Nullable Object> List<R> list(@Nullable Object[] results) {
    return (List<R>) Collections.unmodifiableList(Arrays.asList(results));
  }
}
