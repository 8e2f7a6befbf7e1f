package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message's worth of work for a worker, and those who wait for what comes back.
abstract sealed class Job permits CallJob, ChunkJob {
  /// Ends a job whose message is no longer needed.
  private static final ByteSink NOTHING = new ByteSink(0);

  private static final Terms UNSETTLED = Terms.of(0);

  private final long id;
  private volatile ByteSink message;
  private volatile @Nullable Desk desk;

  // guarded by the dispatcher's lock
  private boolean ended;
  private Terms terms = UNSETTLED;
  private boolean isStopping;
  private boolean isLarge;
  private Flights.@Nullable Flight flight;
  private long stopTime;
  private @Nullable Deaths deaths;
  private long submittedAt;
  private @Nullable Map<Integer, String> overdue;

  Job(long id, ByteSink message) {
    this.id = id;
    this.message = message;
  }

  final long id() {
    return id;
  }

  /// What is sent to a worker; see [TaskLayout].
  final ByteSink message() {
    return message;
  }

  /// How it is to be treated. Before it is submitted.
  final void setTerms(Terms given) {
    terms = given;
  }

  /// It is submitted to a pool: where nothing else was said, it is treated as the pool's tasks are.
  @SuppressWarnings("ReferenceEquality") // a mark, not a value
  final void settle(Terms ofPool) {
    if (terms == UNSETTLED) {
      terms = ofPool;
    }
    if (this instanceof ChunkJob) {
      if (isWatched()) {
        TaskLayout.set(TaskLayout.WATCHED, message);
      }
      if (terms.mayGrow()) {
        TaskLayout.set(TaskLayout.GROWING, message);
      }
    }
  }

  final Terms terms() {
    return terms;
  }

  /// What it is called in messages.
  final String title() {
    return title(terms);
  }

  static String title(Terms terms) {
    return terms.name() == null ? "task" : "task \"" + terms.name() + "\"";
  }

  /// Whether its elements are watched, each for itself.
  final boolean isWatched() {
    return terms.isTimed() && this instanceof ChunkJob;
  }

  /// It has ended for its owner, and is to end in its worker, by a time of [System#nanoTime()].
  final void stopAt(long time) {
    isStopping = true;
    stopTime = time;
  }

  final boolean isStopping() {
    return isStopping;
  }

  final long stopTime() {
    return stopTime;
  }

  /// One of its elements was asked to end; 0 if it is no chunk.
  ///
  /// @param dump what its worker says of itself, empty as long as it has not
  final void noteOverdue(int element, String dump) {
    if (overdue == null) {
      overdue = new HashMap<>();
    }
    overdue.put(element, dump);
  }

  /// What the worker said when an element was asked to end, null if none was.
  final @Nullable String overdue(int element) {
    return overdue == null ? null : overdue.get(element);
  }

  final void submittedAt(long time) {
    submittedAt = time;
  }

  /// When it was submitted, of [System#nanoTime()], if that was noted.
  final long submittedAt() {
    return submittedAt;
  }

  /// How often it has been begun, the next time too.
  final int attempt() {
    return deaths == null ? 1 : deaths.attempt();
  }

  /// The attempt that ended with the last death.
  final int lastAttempt() {
    return deaths == null ? 1 : deaths.lastAttempt();
  }

  /// The workers that have died of it.
  final Deaths noteDeaths() {
    overdue = null; // of the attempt that has ended
    Deaths known = deaths;
    if (known == null) {
      known = new Deaths();
      deaths = known;
    }
    return known;
  }

  /// Whether it has run out of memory, and needs a larger worker.
  final boolean isLarge() {
    return isLarge;
  }

  /// Whether it is to be tried in a larger worker if it runs out of memory.
  final boolean mayGrow() {
    return terms.mayGrow() && !isLarge;
  }

  /// It goes to a larger worker, which is the last: there it ends as in any other.
  final void noteGrowth() {
    isLarge = true;
    TaskLayout.clear(TaskLayout.GROWING, message);
  }

  /// It has run out of memory in a worker that lives on: it is to be run again in a larger one.
  ///
  /// @param element of a chunk, 0 if it is none; those before it have been answered
  abstract void grow(int element);

  final void noteFlight(Flights.Flight begun) {
    flight = begun;
  }

  final Flights.@Nullable Flight takeFlight() {
    Flights.Flight begun = flight;
    flight = null;
    return begun;
  }

  /// Where it lies, null while it is pending.
  final @Nullable Desk desk() {
    return desk;
  }

  final void moveTo(@Nullable Desk place) {
    desk = place;
  }

  final boolean isEnded() {
    return ended;
  }

  /// Nothing will be answered any more, except what the caller of this answers.
  final void end() {
    ended = true;
    message = NOTHING;
  }

  /// How many elements it has, 1 if it is no chunk.
  abstract int count();

  /// Whether a worker's message could come now. With the dispatcher's lock.
  final boolean expects(ResultHeader header) {
    int end = header.from() + header.count();
    boolean isWhole = end == count();
    return header.kind() <= ResultHeader.FAILED
        && (ended || header.from() == answered())
        && header.count() > 0
        && end > 0
        && end <= count()
        && (header.isLast() ? isWhole || mayEndAt(header) : !isWhole);
  }

  /// Whether it could be over with elements left behind those of a message.
  private boolean mayEndAt(ResultHeader header) {
    boolean isEach = this instanceof ChunkJob chunk && chunk.isEach();
    return header.kind() == ResultHeader.FAILED
        && (!isEach || (header.isOutOfMemory() && mayGrow()));
  }

  /// The first element that has not been answered. With the dispatcher's lock.
  abstract int answered();

  /// Notes that a worker's message has come. With the dispatcher's lock.
  abstract void heard(ResultHeader header);

  /// Its worker died while it ran. With the dispatcher's lock.
  ///
  /// @param element as [BoardLayout#elementOf] tells it
  /// @return what its owner is to be told; null if it is simply to be run again. It is to be run
  ///     again unless this ends it
  abstract @Nullable Answer died(Death death, int element);

  /// The answer for all of it that has not been answered.
  abstract Answer lost(String reason, @Nullable Throwable cause);

  /// Hands an answer to those who wait. Without locks; must not run code of users.
  abstract void answer(Answer answer);
}
