package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Another process, or what stands for it: runs pieces of a test one after the other, in one thread, so
/// that what a piece has locked the next one can unlock.
final class Peer {
  private final SharedQueue<Errand> errands;
  private final SharedQueue<Answer> answers;
  private final JvmProcess process;
  private long asked;
  private boolean isLost;

  private record Errand(@Nullable SerializableCallable<?> task) implements Serializable {}

  private record Answer(long number, @Nullable Object result, @Nullable Throwable failure)
      implements Serializable {}

  Peer(Context context, String name) {
    SharedQueue<Errand> toDo = context.queue();
    SharedQueue<Answer> done = context.queue();
    errands = toDo;
    answers = done;
    process = context.start(name, () -> serve(toDo, done));
  }

  /// Answers are counted: a case that fails may leave some that nobody has got.
  private static void serve(SharedQueue<Errand> errands, SharedQueue<Answer> answers)
      throws InterruptedException {
    boolean ended = false;
    for (long number = 1; !ended; number++) {
      Answer answer;
      try {
        SerializableCallable<?> task = errands.take().task();
        ended = task == null;
        answer = new Answer(number, task == null ? null : task.call(), null);
      } catch (Exception | AssertionError e) { // also if what the piece captured has been destroyed
        answer = new Answer(number, null, e);
      }
      answers.put(answer);
    }
  }

  /// What becomes of a piece that was sent.
  final class Reply<T extends @Nullable Object> {
    private final long number;
    private @Nullable Answer answer;

    private Reply(long number) {
      this.number = number;
    }

    /// Waits for its end.
    @SuppressWarnings({"unchecked", "NullAway"}) // T says what the piece returns, and whether null
    T get() throws Exception {
      Answer got = answer == null ? next(isLost ? Deadlines.SHORT : Contract.LONG) : answer;
      if (got == null) {
        isLost = true;
        throw new AssertionError(process + " does not answer");
      }
      answer = got;
      if (got.failure() != null) {
        throw new AssertionError("in " + process.name(), got.failure());
      }
      return (T) got.result();
    }

    /// Whether it has not ended soon: it waits for something.
    boolean isWaiting() throws InterruptedException {
      answer = next(Deadlines.SHORT);
      return answer == null;
    }

    private @Nullable Answer next(Duration patience) throws InterruptedException {
      Answer got = answers.poll(patience.toMillis(), MILLISECONDS);
      while (got != null && got.number() < number) {
        got = answers.poll(patience.toMillis(), MILLISECONDS);
      }
      return got;
    }
  }

  /// Sends a piece of a test. Its reply is to be got before that of the next.
  <T extends @Nullable Object> Reply<T> ask(SerializableCallable<T> task) {
    errands.add(new Errand(task));
    return new Reply<>(++asked);
  }

  /// Runs a piece of a test there.
  <T extends @Nullable Object> T call(SerializableCallable<T> task) throws Exception {
    return this.<T>ask(task).get();
  }

  /// Runs a piece of a test there that has no result.
  void run(SerializableRunnable task) throws Exception {
    begin(task).get();
  }

  /// Sends a piece of a test that has no result.
  Reply<Boolean> begin(SerializableRunnable task) {
    return ask(() -> {
      task.run();
      return true;
    });
  }

  JvmProcess process() {
    return process;
  }

  void close() throws InterruptedException {
    errands.add(new Errand(null));
    if (!process.join(isLost ? Deadlines.SHORT : Contract.LONG)) {
      process.stop();
    }
    process.close();
    errands.destroy();
    answers.destroy();
  }
}
