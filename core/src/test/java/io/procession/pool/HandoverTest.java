package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What has been taken from a worker comes to those who wait, whatever fails on the way; and nobody else
/// pays for that, nor waits for it in vain.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HandoverTest {
  /// There is no memory for so many answers, then there is.
  private static final class Scarce extends LinkedBlockingQueue<ChunkJob.Arrival> {
    private static final long serialVersionUID = 1L;

    private int missing;

    Scarce(int missing) {
      this.missing = missing;
    }

    @Override
    public boolean add(ChunkJob.Arrival arrival) {
      if (missing-- > 0) {
        throw new OutOfMemoryError("of the test");
      }
      return super.add(arrival);
    }
  }

  private final Dispatcher dispatcher = new Dispatcher("pool", 0);
  private final SilentWorker worker = new SilentWorker();
  private final Desk desk = new Desk(worker);

  private ChunkJob submit(LinkedBlockingQueue<ChunkJob.Arrival> arrivals) {
    return submit(arrivals, false);
  }

  private ChunkJob submit(LinkedBlockingQueue<ChunkJob.Arrival> arrivals, boolean isReader) {
    ByteSink message = new ByteSink(TaskLayout.FROM_AT + 16);
    ChunkJob job = new ChunkJob(dispatcher.nextId(), message, 0, 1, true, arrivals);
    dispatcher.submit(job, isReader);
    return job;
  }

  private void receive(ChunkJob job) throws StreamCorruptedException {
    ByteSink out = new ByteSink(64);
    ResultHeader.write(job.id(), ResultHeader.VALUES, true, 0, 1, out);
    Codec.standard().encode(null, out);
    byte[] message = Arrays.copyOf(out.array(), out.length());
    dispatcher.inbox().received(desk, ResultHeader.read(message), message, null, null);
  }

  @Test
  void answerForWhichThereIsNoMemoryComesWhenThereIs() throws Exception {
    var arrivals = new Scarce(2);
    dispatcher.enter(desk);
    receive(submit(arrivals));
    assertThat(arrivals).hasSize(1);
  }

  @Test
  void answerThatIsLostIsNotTakenForAnothersFault() {
    var innocent = new LinkedBlockingQueue<ChunkJob.Arrival>();
    dispatcher.enter(desk);
    ChunkJob first = submit(new Scarce(Integer.MAX_VALUE));
    ChunkJob second = submit(innocent);

    assertThatThrownBy(() -> receive(first)).isInstanceOf(Handover.LostAnswerError.class);

    assertThat(innocent).isEmpty();
    assertThat(second.isEnded()).isFalse();
  }

  /// Who reads results itself sees to those of the tasks that it sends; but it must come to that.
  @Test
  void olderTaskIsAttendedThatWasSentBeforeOneThatCouldNotBe() {
    var older = new LinkedBlockingQueue<ChunkJob.Arrival>();
    Runnable refuse =
        () -> {
          throw new IllegalStateException("of the test");
        };
    dispatcher.enter(desk);
    worker.sends.add(() -> {
      submit(older); // the worker is busy: it stays with the pool
      refuse.run();
    });
    assertThatThrownBy(() -> submit(new Scarce(Integer.MAX_VALUE)))
        .isInstanceOf(Handover.LostAnswerError.class);
    worker.sends.add(() -> {});
    worker.sends.add(refuse);

    assertThatThrownBy(() -> submit(new Scarce(Integer.MAX_VALUE), true))
        .isInstanceOf(Handover.LostAnswerError.class);

    assertThat(desk.tasks).hasSize(1);
    assertThat(worker.attended).hasValue(1);
  }

  @Test
  void poolHasNotEndedBeforeARefusedTaskIsAnswered() throws Exception {
    var answering = new CountDownLatch(1);
    var goesOn = new CountDownLatch(1);
    var arrivals =
        new LinkedBlockingQueue<ChunkJob.Arrival>() {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean add(ChunkJob.Arrival arrival) {
            answering.countDown();
            try {
              goesOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return super.add(arrival);
          }
        };
    worker.refuses = true;
    dispatcher.enter(desk);
    Thread submitter = Thread.ofPlatform().start(() -> submit(arrivals));
    answering.await();
    dispatcher.end("of the test", null);
    var ended = new AtomicBoolean();
    Thread ending =
        Thread.ofPlatform()
            .start(() -> {
              try {
                dispatcher.awaitAnswered();
                ended.set(!arrivals.isEmpty());
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    await()
        .atMost(Deadlines.LONG)
        .until(() -> ending.getState() == Thread.State.WAITING || !ending.isAlive());
    goesOn.countDown();
    ending.join();
    submitter.join();
    assertThat(ended).isTrue();
  }

  @Test
  void workerIsAskedOnceForAllThatIsCancelledTogether() {
    var arrivals = new LinkedBlockingQueue<ChunkJob.Arrival>();
    dispatcher.enter(desk);
    ChunkJob first = submit(arrivals);
    ChunkJob second = submit(arrivals);
    ChunkJob third = submit(arrivals);

    assertThat(dispatcher.cancel(List.of(first, second, third), false)).isTrue();

    assertThat(worker.recalls).hasValue(1);
    assertThat(dispatcher.cancel(List.of(first, second, third), false)).isFalse();
  }

  @Test
  void workerThatIsStoppedAtItsRingIsNotAskedAgain() {
    var stopped = new SilentWorker(1);
    dispatcher.enter(new Desk(stopped));
    var arrivals = new LinkedBlockingQueue<ChunkJob.Arrival>();
    ChunkJob first = submit(arrivals);
    ChunkJob second = submit(arrivals);

    assertThat(dispatcher.cancel(second)).isTrue();
    assertThat(dispatcher.cancel(first)).isTrue();
    dispatcher.withdraw("of the test");

    assertThat(stopped.recalls).hasValue(1);
  }

  /// A pipe that nobody reads keeps who writes to it, and not the one timer of all pools.
  @Test
  void workerThatTakesNoOrdersHoldsUpNobody() throws Exception {
    TaskOptions task = TaskOptions.defaults().withDeadline(Duration.ofMillis(10));
    var timed = new Dispatcher("timed", PoolOptions.defaults().withTask(task));
    worker.orders = new CountDownLatch(1);
    timed.enter(desk);
    long id = timed.nextId();
    timed.submit(new ApplyJob(id, new ByteSink(TaskLayout.FROM_AT + 16)), false);
    worker.ordered.await();

    var later = new CountDownLatch(1);
    Alarm.in(1_000_000, later::countDown);

    assertThat(later.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    worker.orders.countDown();
    timed
        .inbox()
        .left(desk, new DeathCertificate(1, "w", -9, null, DeathCause.SIGNAL, "", "", ""), 0);
  }
}
