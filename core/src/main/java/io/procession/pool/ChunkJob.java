package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Some elements of a map. Its answers are put on a queue, for the caller to decode.
///
/// Elements are answered in order. A worker that dies has answered those before `answered`, and was
/// at the element its board names; what it had done between the two is lost with it.
final class ChunkJob extends Job {

  /// An answer and the chunk it belongs to.
  record Arrival(ChunkJob chunk, Answer answer) {
    /// The results; if there are none, says which input is to blame.
    @Nullable Object[] values(Codec codec) {
      try {
        return Answer.values(answer, codec);
      } catch (TaskException e) {
        throw answer.isOfLast() ? chunk.located(answer.from() + answer.count() - 1, e) : e;
      }
    }

    /// What is told of one of its elements instead of a result.
    ///
    /// @param thrown what was thrown instead of the results
    RuntimeException failureOf(int element, RuntimeException thrown) {
      RuntimeException failure = answer.failureOf(element, thrown);
      return failure instanceof TaskException e ? chunk.located(element, e) : failure;
    }
  }

  private final long first;
  private final int count;
  private final boolean isEach;
  private final BlockingQueue<Arrival> arrivals;

  /// Answers that came before those of earlier chunks; of the thread that takes them.
  private final ArrayDeque<Answer> kept = new ArrayDeque<>(2);

  // guarded by the dispatcher's lock
  private int answered;

  /// The inputs, as long as they are few: for messages.
  private final @Nullable Object @Nullable [] inputs;

  /// @param first the index of its first element among all
  /// @param isEach whether elements fail each for itself
  ChunkJob(
      long id,
      ByteSink message,
      long first,
      int count,
      boolean isEach,
      BlockingQueue<Arrival> arrivals) {
    this(id, message, first, count, isEach, arrivals, null);
  }

  /// @param inputs its elements, null if they are not to be kept
  ChunkJob(
      long id,
      ByteSink message,
      long first,
      int count,
      boolean isEach,
      BlockingQueue<Arrival> arrivals,
      @Nullable Object @Nullable [] inputs) {
    super(id, message);
    this.first = first;
    this.count = count;
    this.isEach = isEach;
    this.arrivals = arrivals;
    this.inputs = inputs;
  }

  private TaskException located(int element, TaskException failure) {
    String input = inputs == null ? null : Inputs.shown(inputs[element]);
    return failure.at(first + element, input);
  }

  /// The index of its first element among all.
  long first() {
    return first;
  }

  /// Whether its elements fail each for itself.
  boolean isEach() {
    return isEach;
  }

  ArrayDeque<Answer> kept() {
    return kept;
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
  @Nullable Answer died(Death death, int element) {
    int part = death.part();
    if (part >= 0 && part < answered) { // it ended when its worker was about to be killed
      noteDeaths();
      goOnFrom(answered);
      return null;
    }
    int known = part >= 0 ? part : element;
    int at = known >= answered && known < count ? known : answered;
    boolean grows = mayGrow() && death.isOutOfMemory();
    Deaths noted = noteDeaths();
    Deaths.Verdict verdict = noted.add(death, at, terms(), grows);
    if (verdict == null) {
      if (grows) {
        noteGrowth();
      }
      goOnFrom(answered);
      TaskLayout.setAttempt(message(), noted.attempt(), at);
      return null;
    }
    int from = answered;
    Answer answer = new Answer.Died(verdict, from, at + 1 - from); // needs memory: first
    if (isEach && at + 1 < count) {
      goOnFrom(at + 1);
    } else {
      end();
    }
    return answer;
  }

  @Override
  void grow(int element) {
    Deaths noted = noteDeaths();
    noted.addFailure(element);
    noteGrowth();
    goOnFrom(element);
    TaskLayout.setAttempt(message(), noted.attempt(), element);
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
