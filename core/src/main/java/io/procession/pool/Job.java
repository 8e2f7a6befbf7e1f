package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import org.jspecify.annotations.Nullable;

/// One message's worth of work for a worker, and those who wait for what comes back.
abstract sealed class Job permits CallJob, ChunkJob {
  /// Ends a job whose message is no longer needed.
  private static final ByteSink NOTHING = new ByteSink(0);

  private final long id;
  private volatile ByteSink message;
  private volatile @Nullable Desk desk;

  // guarded by the dispatcher's lock
  private boolean ended;

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
    return (ended || header.from() == answered())
        && header.count() > 0
        && end > 0
        && end <= count()
        && (header.isLast() ? isWhole || header.kind() == ResultHeader.FAILED : !isWhole);
  }

  /// The first element that has not been answered. With the dispatcher's lock.
  abstract int answered();

  /// Notes that a worker's message has come. With the dispatcher's lock.
  abstract void heard(ResultHeader header);

  /// Its worker died while it ran. With the dispatcher's lock.
  ///
  /// @param element as [BoardLayout#elementOf] tells it
  /// @param retries how often it may run again
  /// @return what its owner is to be told; null if it is simply to be run again. It is to be run
  ///     again unless this ends it
  abstract @Nullable Answer died(DeathCertificate certificate, int element, int retries);

  /// The answer for all of it that has not been answered.
  abstract Answer lost(String reason, @Nullable Throwable cause);

  /// Hands an answer to those who wait. Without locks; must not run code of users.
  abstract void answer(Answer answer);
}
