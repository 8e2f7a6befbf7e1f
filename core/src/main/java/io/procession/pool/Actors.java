package io.procession.pool;

import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The actors of a pool. They end when all else of it has ended: what it still has to do may call
/// them.
final class Actors {
  private final String pool;
  private final PoolOptions options;
  private final Codec codec;
  private final BooleanSupplier isPoolOpen;
  private final @Nullable Events events;
  private final List<Actor<?>> open = new CopyOnWriteArrayList<>();

  // guarded by this
  private int made;
  private boolean isClosed;

  /// @param isPoolOpen whether the pool takes tasks: one that is broken does not
  /// @param events of the pool, null if nobody listens
  Actors(
      String pool,
      PoolOptions options,
      Codec codec,
      BooleanSupplier isPoolOpen,
      @Nullable Events events) {
    this.isPoolOpen = isPoolOpen;
    this.events = events;
    this.pool = pool;
    this.options = options;
    this.codec = codec;
  }

  <T> Actor<T> open(Class<T> type, SerializableCallable<? extends T> factory, ActorOptions asked) {
    String name = nextName();
    Actor<T> actor = Actor.open(name, type, factory, asked, options, codec, events, this);
    if (!add(actor)) {
      actor.terminate();
      throw closed();
    }
    return actor;
  }

  private synchronized String nextName() {
    if (isClosed || !isPoolOpen.getAsBoolean()) {
      throw closed();
    }
    return pool + "-actor-" + ++made;
  }

  private synchronized boolean add(Actor<?> actor) {
    if (!isClosed) {
      open.add(actor);
    }
    return !isClosed;
  }

  private IllegalStateException closed() {
    return new IllegalStateException("closed: pool=" + pool + "; open another");
  }

  void remove(Actor<?> actor) {
    open.remove(actor);
  }

  /// Whether any is open.
  boolean isAny() {
    return !open.isEmpty();
  }

  /// From now on there are no new ones.
  synchronized void shut() {
    isClosed = true;
  }

  /// Closes those that are open.
  void close() {
    shut();
    open.forEach(Actor::close);
  }

  /// Ends those that are open.
  void terminate() {
    shut();
    open.forEach(Actor::terminate);
  }

  /// What tells how they are.
  List<CrewReport> reports() {
    List<CrewReport> reports = new ArrayList<>();
    for (Actor<?> actor : open) {
      reports.add(actor.report());
    }
    return reports;
  }
}
