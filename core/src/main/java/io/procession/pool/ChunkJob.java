package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Some elements of a map. Its answers are put on a queue, for the caller to decode.
///
/// Elements are answered in order. A worker that dies has answered those before `answered`, and was
/// at the element its board names; what it had done between the two is lost with it.
final class ChunkJob extends Job {

  /// An answer and the chunk it belongs to.
  record Arrival(ChunkJob chunk, Answer answer) {}

  private final int first;
  private final int count;
  private final boolean isEach;
  private final BlockingQueue<Arrival> arrivals;

  // guarded by the dispatcher's lock
  private int answered;
  private int deathsAt = -1;
  private int deaths;

  /// @param first the index of its first element among all
  /// @param isEach whether elements fail each for itself
  ChunkJob(
      long id,
      ByteSink message,
      int first,
      int count,
      boolean isEach,
      BlockingQueue<Arrival> arrivals) {
    super(id, message);
    this.first = first;
    this.count = count;
    this.isEach = isEach;
    this.arrivals = arrivals;
  }

  /// The index of its first element among all.
  int first() {
    return first;
  }

  @Override
  int count() {
    return count;
  }

  @Override
  int answered() {
    return answered;
  }

  @Override
  void heard(ResultHeader header) {
    answered = header.from() + header.count();
  }

  @Override
  @Nullable Answer died(DeathCertificate certificate, int element, int retries) {
    int at = element >= answered && element < count ? element : answered;
    if (at != deathsAt) {
      deathsAt = at;
      deaths = 0;
    }
    if (deaths++ < retries) {
      goOnFrom(answered);
      return null;
    }
    int from = answered;
    if (isEach && at + 1 < count) {
      goOnFrom(at + 1);
    } else {
      end();
    }
    return new Answer.Died(certificate, from, at + 1 - from);
  }

  private void goOnFrom(int element) {
    answered = element;
    message().setInt(TaskLayout.FROM_AT, element);
  }

  @Override
  Answer lost(String reason, @Nullable Throwable cause) {
    return new Answer.Lost(reason, cause, answered, count - answered);
  }

  @Override
  void answer(Answer answer) {
    arrivals.add(new Arrival(this, answer));
  }
}
