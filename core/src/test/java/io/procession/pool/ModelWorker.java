package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A worker: the tasks in its ring, the one it runs, the answers in its other ring.
final class ModelWorker implements Courier {
  final Desk desk;
  final ArrayDeque<Long> ring = new ArrayDeque<>();
  final ArrayDeque<byte[]> results = new ArrayDeque<>();
  final String name;
  private final PoolModel model;
  long taken;
  @Nullable ModelTask running;
  boolean isDead;
  boolean isBuried;
  boolean isRead;
  boolean isLeaving;
  boolean isVisited;

  /// The pool has told it to leave.
  boolean isDismissed;

  /// It may begin nothing.
  boolean isHeld;

  /// The pool has killed it.
  boolean isKilled;

  /// What its board says.
  private long board;

  ModelWorker(PoolModel model, String name, boolean isLarge) {
    this.desk = new Desk(this, 0, isLarge);
    this.model = model;
    this.name = name;
  }

  @Override
  public void send(ByteSink message) {
    visited(() -> {
      model.require(message.length() > 0, "a task that has ended is sent");
      long id = TaskLayout.task(Arrays.copyOf(message.array(), message.length()));
      if (model.refuses(id)) {
        throw new IllegalStateException("no memory");
      }
      ring.addLast(id);
      model.note(name + " is sent " + id);
      return id;
    });
  }

  @Override
  public long recall() {
    return visited(() -> {
      Long id = ring.pollFirst();
      taken += id == null ? 0 : 1;
      model.note(name + " recalled " + id);
      return id == null ? NONE : id;
    });
  }

  private long visited(LongSupplier action) {
    model.require(!isBuried, name + " is used after its end");
    model.require(!isVisited, "two are at the ring of " + name);
    isVisited = true;
    model.interlude();
    long result;
    try {
      result = action.getAsLong();
      model.interlude();
    } finally {
      isVisited = false;
    }
    return result;
  }

  @Override
  public long taken() {
    model.throwWhatIsWrong();
    return taken;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public long board() {
    return board;
  }

  void begin(ModelTask task) {
    taken++;
    running = task;
    board = BoardLayout.element(task.job.id(), 0);
  }

  @Override
  public void end(long task, int part) {}

  @Override
  public CompletableFuture<String> tell() {
    return new CompletableFuture<>();
  }

  @Override
  public void kill() {
    model.interlude();
    model.killed(this);
  }

  @Override
  public void dismiss() {
    visited(() -> {
      isDismissed = true;
      model.note(name + " is dismissed");
      return 0;
    });
  }

  @Override
  public void enlarge() {
    model.enlarge();
  }

  @Override
  public void hold() {
    isHeld = true;
  }

  @Override
  public void letGo() {
    isHeld = false;
  }

  @Override
  public void relieve() {}

  @Override
  public void nudge() {}

  @Override
  public void attend() {
    model.throwWhatIsWrong();
    model.interlude();
  }

  @Override
  public void help(CallJob job, long deadline) {
    throw new AssertionError("nobody helps here");
  }

  @Override
  public String worker() {
    return name;
  }
}
