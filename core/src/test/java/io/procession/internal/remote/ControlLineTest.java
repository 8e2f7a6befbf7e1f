package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.testing.Deadlines;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What is said on a line of control, and how often.
class ControlLineTest {
  /// Who says much waits for one answer, and asks for one: of two, one would be there whenever a later
  /// ping looks for its own.
  @Test
  void whoIsInterruptedAsksForOneAnswer() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection server = pipe.second();
      ControlLine line = new ControlLine(pipe.first());
      var saying =
          new FutureTask<>(() -> {
            line.sayAmongMuch(Wire.RELEASE, "1", 1);
            return Thread.interrupted();
          });
      Thread sayer = Thread.ofPlatform().start(saying);
      assertThat((Object[]) server.recv()).containsExactly(Wire.RELEASE, "1", 1);
      assertThat((Object[]) server.recv()).containsExactly(Wire.PING);
      sayer.interrupt(); // while it waits, or is about to
      Awaitility.await().atMost(Deadlines.LONG).until(() -> !sayer.isInterrupted());
      server.send(new Object[] {Wire.PING});
      assertThat(saying.get(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS))
          .as("it stays interrupted")
          .isTrue();
      assertThat(server.poll()).as("it has asked again").isFalse();
    }
  }
}
