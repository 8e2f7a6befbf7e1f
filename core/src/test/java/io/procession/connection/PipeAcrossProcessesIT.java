package io.procession.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pipes between processes, and what one end sees when the other's users are gone.
class PipeAcrossProcessesIT {
  @Test
  void childEchoes() throws Exception {
    int cells = Session.current().directory().inUse();
    int units = Session.current().units().inUse();
    Pipe pipe = Pipe.duplex();
    Connection far = pipe.second();
    JvmProcess child =
        start(() -> {
          try (far) {
            while (true) {
              far.send(far.recv());
            }
          } catch (EOFException e) {
            // the other end is closed: done
          }
        });
    Connection near = pipe.first();
    for (int i = 0; i < 1_000; i++) {
      near.send("message " + i);
      assertThat(near.recv()).isEqualTo("message " + i);
    }
    pipe.close();
    end(child);
    assertThat(Session.current().units().inUse()).isLessThanOrEqualTo(units);
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void streamEndsWhenTheSenderIsKilled() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      Connection sending = pipe.second();
      JvmProcess child =
          start(() -> {
            sending.send("before");
            Thread.sleep(Duration.ofDays(1));
          });
      assertThat(pipe.first().recv()).isEqualTo("before");
      assertThat(pipe.first().poll()).isFalse();
      child.kill();
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
      child.close();
    }
  }

  @Test
  void sendingEndsWhenTheReceiverIsKilled() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      Connection receiving = pipe.first();
      JvmProcess child =
          start(() -> {
            receiving.recv();
            Thread.sleep(Duration.ofDays(1));
          });
      pipe.second().send("first");
      while (receiving.poll()) { // makes this process a user of that end, too
        Thread.onSpinWait();
      }
      receiving.close();
      byte[] message = new byte[10_000];
      var sender = Thread.ofPlatform().start(child::kill);
      assertThatIOException()
          .isThrownBy(() -> {
            while (true) {
              pipe.second().sendBytes(message);
            }
          })
          .withMessageStartingWith("broken pipe");
      sender.join();
      child.close();
    }
  }

  /// It is started with the end, so it has it before it uses it.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamEndsWhenAChildDiesBeforeItHasUsedItsEnd(boolean closed) throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess child =
          start(() -> {
            Runtime.getRuntime().halt(3);
            far.send("never");
          });
      if (closed) {
        far.close();
      }
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
      assertThatIOException()
          .isThrownBy(() -> pipe.first().send("x"))
          .withMessageStartingWith("broken pipe");
      assertThat(child.join(Deadlines.LONG)).isTrue();
      assertThat(child.exitCode()).hasValue(3);
      child.close();
    }
  }

  @Test
  void childThatMerelyHoldsAnEndKeepsTheStreamOpen() throws Exception {
    try (SharedQueue<String> go = SharedQueue.create();
        Pipe pipe = Pipe.oneWay()) {
      Connection far = pipe.second();
      JvmProcess child =
          start(() -> {
            go.take();
            far.send("at last");
          });
      far.close();
      assertThat(pipe.first().poll()).isFalse();
      go.put("go");
      assertThat(pipe.first().recv()).isEqualTo("at last");
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
      end(child);
      go.destroy();
    }
  }

  @Test
  void messagesWaitForWhoMerelyHoldsTheReadingEnd() throws Exception {
    SharedQueue<String> go = SharedQueue.create();
    SharedQueue<String> received = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    assertThat(pipe.first().poll()).isFalse();
    Connection first = pipe.first();
    JvmProcess child =
        start(() -> {
          go.take();
          received.put(first.recv() + " " + first.recv() + " " + first.recv());
        });
    pipe.second().send(1);
    pipe.second().send(2);
    pipe.second().send(3);
    pipe.close();
    go.put("go");
    assertThat(received.take()).isEqualTo("1 2 3");
    end(child);
    go.destroy();
    received.destroy();
  }

  /// One after the other sends into the same end; who holds it in between keeps the stream open.
  @Test
  void streamGoesOnBetweenTwoSenders() throws Exception {
    SharedQueue<Object> received = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    Connection first = pipe.first();
    Connection second = pipe.second();
    JvmProcess receiver =
        start(() -> {
          try {
            while (true) {
              received.put(requireNonNull(first.recv()));
            }
          } catch (EOFException e) {
            received.put("end");
          }
        });
    first.close();
    for (int i = 0; i < 2; i++) {
      int number = i;
      end(start(() -> second.send(number)));
      assertThat(received.take()).isEqualTo(number);
    }
    assertThat(received.poll()).isNull();
    second.close();
    assertThat(received.take()).isEqualTo("end");
    end(receiver);
    received.destroy();
  }

  @Test
  void endOnItsWayToAChildIsOpenAndDiesWithIt() throws Exception {
    SharedQueue<Connection> way = SharedQueue.create();
    SharedQueue<String> go = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    way.put(pipe.second());
    pipe.second().close();
    JvmProcess child =
        start(() -> {
          go.take();
          Connection far = way.take();
          far.send("hello");
          go.take();
        });
    assertThat(pipe.first().poll()).isFalse();
    go.put("take it");
    assertThat(pipe.first().recv()).isEqualTo("hello");
    assertThat(pipe.first().poll()).isFalse();
    child.kill();
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    child.join();
    child.close();
    pipe.close();
    way.destroy();
    go.destroy();
  }

  /// The first process has never made a pipe when it buries the last that had one.
  @Test
  void pipesOfTheDeadAreFreedByWhoNeverMadeOne() {
    try (ChildJvm root =
        ChildJvm.body(
                () -> {
                  Directory directory = Session.current().directory();
                  JvmProcess worker =
                      JvmProcess.of(() -> {
                        Pipe pipe = Pipe.duplex();
                        Connection far = pipe.second();
                        JvmProcess.of(() -> far.send(far.recv())).start();
                        pipe.first().send("used");
                        pipe.first().recv();
                        Runtime.getRuntime().halt(1);
                      });
                  worker.start();
                  worker.join();
                  await()
                      .atMost(Deadlines.LONG)
                      .untilAsserted(() -> {
                        assertThat(directory.inUse()).isZero();
                        assertThat(directory.userSetsInUse()).isZero();
                        assertThat(Session.current().units().inUse()).isZero();
                      });
                })
            .start()) {
      root.succeed();
    }
  }

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess child = JvmProcess.of(task);
    child.start();
    return child;
  }

  private static void end(JvmProcess child) throws InterruptedException {
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(0);
    child.close();
  }
}
