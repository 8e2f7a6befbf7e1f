package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableFunction;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The element for which a worker is killed is the last that it has begun.
class HeldWorkerTest {
  private static final long TASK = 7;
  private static final int COUNT = 4;
  private static final int ROUNDS = 10_000;

  private final Session session = Session.current();
  private final Wires wires = Wires.open(session, "held");
  private final Board worker = new Board(session, wires.board());
  private final Board pool = new Board(session, wires.board());

  @AfterEach
  void free() {
    wires.free(session);
  }

  private int element() {
    return BoardLayout.elementOf(pool.element(), TASK);
  }

  @Test
  void heldWorkerBeginsNothingUntilItIsLetGo() throws Exception {
    worker.passTo(TASK, 1);
    assertThat(element()).isEqualTo(1);
    pool.hold();
    Thread next = Thread.ofPlatform().start(() -> worker.passTo(TASK, 2));
    await()
        .atMost(Deadlines.LONG)
        .until(() -> next.getState() == Thread.State.TIMED_WAITING && element() == 1);

    pool.letGo();
    next.join();
    assertThat(element()).isEqualTo(2);
  }

  /// Otherwise the next would be killed for what this one did.
  @Test
  void whatIsSeenTwiceWhileItIsHeldIsTheLastThatBegan() throws Exception {
    var begun = new AtomicInteger();
    var isOver = new AtomicBoolean();
    Thread running =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 1; !isOver.get(); i++) {
                worker.passTo(TASK, i);
                begun.set(i);
              }
            });
    await().atMost(Deadlines.LONG).until(() -> begun.get() > 0);
    int still = 0;
    boolean isLast = true;
    for (int round = 0; round < ROUNDS; round++) {
      int seen = element();
      pool.hold();
      if (element() == seen) {
        still++;
        for (int look = 0; look < 100; look++) {
          isLast &= begun.get() <= seen;
        }
      }
      pool.letGo();
      LockSupport.parkNanos(1);
    }
    isOver.set(true);
    running.join();
    assertThat(isLast).isTrue();
    assertThat(still).isPositive();
  }

  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();

  private ChunkJob chunk() {
    Codec codec = Codec.standard();
    SerializableFunction<Integer, Integer> function = x -> x;
    ByteSink message =
        TaskLayout.chunk(
            TASK, TaskLayout.EACH, codec, new FunctionBytes(codec, function), new Object[COUNT]);
    return new ChunkJob(TASK, message, 0, COUNT, true, arrivals);
  }

  private static Death killedAt(int part) {
    var certificate =
        new DeathCertificate(1, "w", -9, "SIGKILL", DeathCause.KILLED_BY_PARENT, "killed", "", "");
    return new Death(certificate, new Doom.Overrun(null, Duration.ofSeconds(1), ""), part, "task");
  }

  private static void hear(ChunkJob job, int from, int count) {
    job.heard(new ResultHeader(TASK, ResultHeader.VALUES, false, from, count, 0, false));
  }

  @Test
  void elementIsBlamedForWhichTheWorkerWasKilled() {
    ChunkJob job = chunk();
    hear(job, 0, 1);
    Answer answer = requireNonNull(job.died(killedAt(1), 2));

    assertThat(answer).isInstanceOf(Answer.Died.class);
    assertThat(answer.from()).isEqualTo(1);
    assertThat(answer.count()).isEqualTo(1);
    assertThat(job.answered()).isEqualTo(2);
  }

  @Test
  void nobodyIsBlamedWhereTheElementEndedAtTheLastMoment() {
    ChunkJob job = chunk();
    hear(job, 0, 2);

    assertThat(job.died(killedAt(1), 1)).isNull();
    assertThat(job.answered()).isEqualTo(2);
    assertThat(job.isEnded()).isFalse();
    assertThat(job.attempt()).isEqualTo(1);
  }
}
