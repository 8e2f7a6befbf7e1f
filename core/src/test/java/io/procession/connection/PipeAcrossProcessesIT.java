package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.serial.Task;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
    assertThat(Session.current().units().inUse()).isEqualTo(units);
    assertThat(Session.current().directory().inUse()).isEqualTo(cells);
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

  private static JvmProcess start(Task task) {
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
