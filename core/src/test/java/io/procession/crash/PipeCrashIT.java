package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that uses one end of a pipe is killed at each point where it leaves shared words in a
/// state of their own: the other end gets what was completely sent, then the end of the stream.
@Tag("platforms")
class PipeCrashIT {
  private final Base base = Base.now();
  @TempDir Path folder;

  @AfterEach
  void everythingIsGivenBack() {
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {
        "USER_ADDED",
        "RING_SEGMENT_LINKED",
        "RING_SEGMENT_CLOSED",
        "RING_TAIL_MOVED",
        "RING_PUBLISHED",
        "RING_WRITERS_MARKED"
      })
  void receiverOfADeadSenderGetsWhatWasSentAndThenTheEnd(FailPoint point) throws Exception {
    Ledger ledger = new Ledger(folder.resolve("ledger"), 1);
    Pipe pipe = Pipe.duplex();
    Connection far = pipe.second();
    JvmProcess victim =
        start(
            point,
            () -> {
              while (true) {
                int number = ledger.begin(0);
                far.sendBytes(new Parcel(0, number).toBytes());
                ledger.done(0, number);
              }
            });
    if (point == FailPoint.RING_WRITERS_MARKED) { // it comes there when the pipe is full
      assertThat(victim.join(Deadlines.LONG)).isTrue();
    }
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> {
          while (true) {
            ledger.taken(Parcel.of(pipe.first().recvBytes()));
          }
        });
    ledger.verify(0);
    assertKilled(victim);
    assertThatIOException()
        .isThrownBy(() -> pipe.first().sendBytes(new byte[1]))
        .withMessageStartingWith("broken pipe");
    pipe.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {
        "USER_ADDED",
        "RING_HEAD_MOVED",
        "RING_CONSUMED",
        "RING_COUNTED_GONE",
        "RING_SPARE_STORED",
        "RING_READERS_MARKED",
        "RING_WRITERS_CLEARED"
      })
  void senderToADeadReceiverGetsABrokenPipe(FailPoint point) throws Exception {
    Pipe pipe = Pipe.oneWay();
    Connection far = pipe.first();
    JvmProcess victim =
        start(
            point,
            () -> {
              while (true) {
                if (point == FailPoint.RING_WRITERS_CLEARED) {
                  Thread.sleep(1); // so the sender finds the pipe full
                }
                Parcel.of(far.recvBytes());
              }
            });
    if (point == FailPoint.RING_READERS_MARKED) { // it comes there when the pipe is empty
      assertThat(victim.join(Deadlines.LONG)).isTrue();
    }
    assertThatIOException()
        .isThrownBy(() -> {
          for (int number = 0; ; number++) {
            pipe.second().sendBytes(new Parcel(0, number).toBytes());
          }
        })
        .withMessageStartingWith("broken pipe");
    assertKilled(victim);
    pipe.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"USER_REMOVED", "DOORBELL_RUNG"})
  void deathWhileClosingEndsTheStreamAsWell(FailPoint point) throws Exception {
    Pipe pipe = Pipe.duplex();
    Connection far = pipe.second();
    JvmProcess victim =
        start(
            point,
            () -> {
              far.send("last words");
              far.close();
            });
    assertThat(pipe.first().recv()).isEqualTo("last words");
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    assertKilled(victim);
    pipe.close();
  }

  /// The parent of a dead user is to take it out of the set; it dies itself when it has just done so.
  @Test
  void deathOfWhoBuriesTheUserEndsTheStreamAsWell() throws Exception {
    Pipe pipe = Pipe.duplex();
    Connection far = pipe.second();
    JvmProcess parent =
        start(
            FailPoint.USER_REMOVED,
            () -> {
              JvmProcess user = start(FailPoint.USER_ADDED, () -> far.poll());
              user.join();
              Thread.sleep(Deadlines.LONG);
            });
    var received =
        CompletableFuture.supplyAsync(() -> {
          try {
            return pipe.first().recv();
          } catch (EOFException e) {
            return e;
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(received.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .isInstanceOf(EOFException.class);
    assertKilled(parent);
    pipe.close();
  }

  /// Who sends an end through a queue dies in the midst of it: it is in the queue, or closed.
  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {"RING_END_NOTED", "RING_TAIL_MOVED", "RING_PUBLISHED"})
  void endIsInTheQueueOrClosedAfterItsSendersDeath(FailPoint point) throws Exception {
    SharedQueue<Connection> queue = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    Connection far = pipe.second();
    JvmProcess victim = start(point, () -> queue.put(far));
    far.close();
    assertKilled(victim);
    if (point == FailPoint.RING_PUBLISHED) {
      assertThat(pipe.first().poll()).isFalse();
      Connection arrived = queue.take();
      arrived.send("arrived");
      assertThat(pipe.first().recv()).isEqualTo("arrived");
      arrived.close();
    }
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    assertThat(queue.poll() == null).isTrue();
    queue.destroy();
    pipe.close();
  }

  /// Who takes a message with an end dies before it has decoded it: it is still there, or the end is
  /// closed.
  @ParameterizedTest
  @EnumSource(
      value = FailPoint.class,
      names = {"USER_ADDED", "RING_HEAD_MOVED", "RING_CONSUMED", "RING_COUNTED_GONE"})
  void endIsInTheQueueOrClosedAfterItsReceiversDeath(FailPoint point) throws Exception {
    SharedQueue<Connection> queue = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    queue.put(pipe.second());
    pipe.second().close();
    assertKilled(start(point, () -> queue.take()));
    if (point == FailPoint.USER_ADDED || point == FailPoint.RING_HEAD_MOVED) {
      assertThat(pipe.first().poll()).isFalse();
      Connection arrived = queue.take();
      arrived.send("arrived");
      assertThat(pipe.first().recv()).isEqualTo("arrived");
      arrived.close();
    }
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    queue.destroy();
    pipe.close();
  }

  /// What nobody will use any more is freed by who finds its last user dead.
  @Test
  void pipeIsFreedWhenItsLastUserDies() throws Exception {
    Pipe pipe = Pipe.duplex();
    Connection far = pipe.second();
    JvmProcess user =
        JvmProcess.of(() -> {
          far.send("used");
          Thread.sleep(Deadlines.LONG);
        });
    user.start();
    assertThat(pipe.first().recv()).isEqualTo("used");
    pipe.close();
    user.kill();
    user.join();
    user.close();
  }

  /// It frees the two rings of a pipe one after the other, and dies before, between or after.
  @ParameterizedTest
  @CsvSource({
    "CELL_RECLAIMED, 1",
    "CELL_EMPTIED, 1",
    "CELL_FREED, 1",
    "CELL_RECLAIMED, 2",
    "CELL_EMPTIED, 2",
    "CELL_FREED, 2"
  })
  void pipeIsFreedWhenWhoFreesItDies(FailPoint point, int visit) throws Exception {
    SharedQueue<Connection> queue = SharedQueue.create();
    Pipe pipe = Pipe.duplex();
    queue.put(pipe.first());
    queue.put(pipe.second());
    pipe.close();
    Doomed.dieAt(
        point,
        visit,
        () -> {
          Connection one = queue.take();
          Connection other = queue.take();
          one.close();
          other.close();
        });
    queue.destroy();
  }

  private static JvmProcess start(FailPoint point, SerializableRunnable task) {
    LaunchOptions options =
        LaunchOptions.defaults().withSystemProperty("procession.crash", point.name());
    JvmProcess victim = JvmProcess.of("victim", options, task);
    victim.start();
    return victim;
  }

  private static void assertKilled(JvmProcess victim) throws InterruptedException {
    boolean ended = victim.join(Deadlines.LONG);
    victim.close();
    assertThat(ended).as("reached its point").isTrue();
    assertThat(victim.exitCode()).hasValue(-9);
  }
}
