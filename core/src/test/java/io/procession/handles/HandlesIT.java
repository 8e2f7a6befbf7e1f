package io.procession.handles;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Pipe;
import io.procession.pool.AsyncResult;
import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableCallable;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What arrives in another process, by whatever way, is the object that was sent: each side sees what
/// the other does. Copies in one process are the same object, too.
@Tag("platforms")
@Timeout(120)
class HandlesIT {
  private static ProcessPool worker; // not in the worker, which has this class, too
  private static SharedQueue<Object> queue;
  private static Pipe pipe;

  /// In the worker: what it has acted on last, for its thread to act on again.
  private static @Nullable Object first;

  /// In the worker: what came as the argument of a task.
  private static @Nullable Object argument;

  /// Sends an object in some way, and has something done with what arrives.
  private interface Way {
    SerializableCallable<Object> send(Object sent) throws Exception;
  }

  static IntStream subjects() {
    return IntStream.range(0, Subjects.ALL.size());
  }

  @BeforeAll
  static void startTheWorker() {
    worker = ProcessPool.open(1);
    queue = SharedQueue.create();
    pipe = Pipe.duplex();
  }

  @AfterAll
  static void end() {
    worker.close();
    pipe.close();
    queue.destroy();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void capturedByALambda(int subject) throws Exception {
    isOne(subject, Subjects.ALL.get(subject).make().make(), sent -> () -> sent);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void throughAQueue(int subject) throws Exception {
    SharedQueue<Object> way = queue;
    isOne(
        subject,
        Subjects.ALL.get(subject).make().make(),
        sent -> {
          way.put(sent);
          return way::take;
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void throughAPipe(int subject) throws Exception {
    var far = pipe.second();
    isOne(
        subject,
        Subjects.ALL.get(subject).make().make(),
        sent -> {
          pipe.first().send(sent);
          return () -> requireNonNull(far.recv());
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void asTheArgumentOfATask(int subject) throws Exception {
    isOne(
        subject,
        Subjects.ALL.get(subject).make().make(),
        sent -> {
          assertThat(worker.map(HandlesIT::keep, List.of(sent))).containsExactly(true);
          return () -> requireNonNull(argument);
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void madeThereAndReturned(int subject) throws Exception {
    Object returned = worker.apply(() -> make(subject));
    isOne(subject, returned, sent -> () -> sent);
  }

  @Test
  void allCapturedByTheTaskOfAProcess() throws Exception {
    List<Object> mine = new ArrayList<>();
    for (Subject<?> subject : Subjects.ALL) {
      mine.add(subject.make().make());
    }
    var acted = SharedValue.raw(0);
    try (var seen = SharedEvent.create();
        var process =
            JvmProcess.of(() -> {
              for (int i = 0; i < mine.size(); i++) {
                Subjects.ALL.get(i).act(mine.get(i));
                acted.set(i + 1);
              }
              seen.await(); // with all that it holds
            })) {
      process.start();
      for (int i = 0; i < mine.size(); i++) {
        Subject<?> subject = Subjects.ALL.get(i);
        Object one = mine.get(i);
        int number = i;
        until(
            subject + " acted on",
            () -> subject.isActedOn(one),
            () -> acted.get() > number || !process.isAlive());
      }
      seen.set();
      assertThat(process.join(Deadlines.LONG)).isTrue();
      assertThat(process.exitCode()).hasValue(0);
      seen.destroy();
      acted.destroy();
    } finally {
      for (int i = 0; i < mine.size(); i++) {
        Subjects.ALL.get(i).destroy(mine.get(i));
      }
    }
  }

  private static void isOne(int index, Object mine, Way way) throws Exception {
    Subject<?> subject = Subjects.ALL.get(index);
    try {
      SerializableCallable<Object> receive = way.send(mine);
      AsyncResult<?> acted = worker.applyAsync(() -> act(index, receive.call()));
      until(subject + " acted on", () -> subject.isActedOn(mine), acted::ready);
      acted.get();
      SerializableCallable<Object> receiveAgain = way.send(mine);
      worker.apply(() -> actAgain(index, receiveAgain.call()));
      assertThat(subject.isActedOnAgain(mine)).isTrue();
    } finally {
      subject.destroy(mine);
    }
  }

  private static Object make(int index) throws Exception {
    return Subjects.ALL.get(index).make().make();
  }

  private static boolean keep(Object received) {
    argument = received;
    return true;
  }

  private static boolean act(int index, Object received) throws Exception {
    first = received;
    Subjects.ALL.get(index).act(received);
    return true;
  }

  private static boolean actAgain(int index, Object second) throws Exception {
    Subjects.ALL.get(index).actAgain(requireNonNull(first), second);
    return true;
  }

  /// Waits for something to have been so, and something else to be done.
  private static void until(String what, Callable<Boolean> isSeen, Callable<Boolean> isDone) {
    var seen = new AtomicBoolean();
    await(what)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Deadlines.LONG)
        .until(() -> {
          boolean done = isDone.call();
          if (isSeen.call()) {
            seen.set(true);
          }
          return done;
        });
    assertThat(seen).as(what).isTrue();
  }
}
