package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections over sockets and listeners that go to other processes.
@SuppressWarnings("try") // closes early, which is what is tested
class PassedSocketsIT {
  private long socketsBefore;

  @BeforeEach
  void countSockets() throws IOException {
    socketsBefore = sockets();
  }

  @Test
  void severalProcessesAcceptOnOneSocket() throws Exception {
    ConnectionOptions options =
        ConnectionOptions.defaults()
            .withAuthKey(AuthKey.of("known to both"))
            .withHandshakeLimit(Deadlines.LONG); // the workers have to start first
    List<JvmProcess> workers = new ArrayList<>();
    try (Listener listener = Listener.open(Address.of("127.0.0.1:0"), options)) {
      for (int i = 0; i < 3; i++) {
        workers.add(
            start(() -> {
              try (listener) {
                while (true) {
                  try (Connection connection = listener.accept()) {
                    connection.send(ProcessHandle.current().pid());
                    if (connection.recv() instanceof Boolean last && last) {
                      return;
                    }
                  }
                }
              }
            }));
      }
      Set<Object> pids = new HashSet<>();
      List<Connection> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) { // each worker has one, and waits: so all three are other ones
        Connection connection = Client.connect(listener.address(), options);
        pids.add(connection.recv());
        held.add(connection);
      }
      assertThat(pids).hasSize(3);
      for (Connection connection : held) {
        connection.send(false);
        connection.close();
      }
      for (int i = 0; i < 3; i++) {
        try (Connection connection = Client.connect(listener.address(), options)) {
          assertThat(pids).contains(connection.recv());
          connection.send(true);
        }
      }
    }
    for (JvmProcess worker : workers) {
      end(worker);
    }
    assertNothingIsLent();
  }

  @Test
  void connectionIsHandedToAChild() throws Exception {
    try (Listener listener = Listener.open();
        Connection client = Client.connect(listener.address());
        Connection server = listener.accept()) {
      JvmProcess child =
          start(() -> {
            try (server) {
              server.send("from " + server.recv());
            }
          });
      server.close(); // the child's is another, also before it is there
      client.send("the child");
      assertThat(client.recv()).isEqualTo("from the child");
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recv);
      end(child);
    }
    assertNothingIsLent();
  }

  @Test
  void connectionGoesThroughAQueueAndIsFetchedLater() throws Exception {
    try (Listener listener = Listener.open();
        SharedQueue<Connection> queue = SharedQueue.create();
        Connection client = Client.connect(listener.address())) {
      Connection server = listener.accept();
      queue.put(server);
      server.close();
      client.send("waits in the socket");
      Thread.onSpinWait();
      try (Connection again = queue.take()) {
        assertThat(again.recv()).isEqualTo("waits in the socket");
      }
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recv);
      queue.destroy();
    }
    assertNothingIsLent();
  }

  @Test
  void whatIsNeverReceivedIsNotKept() throws Exception {
    try (Listener listener = Listener.open();
        SharedQueue<Connection> queue = SharedQueue.create();
        Connection client = Client.connect(listener.address())) {
      Connection server = listener.accept();
      queue.put(server);
      server.close();
      queue.destroy();
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recv);
    }
    assertNothingIsLent();
  }

  @Test
  void childThatIsKilledBeforeItHasFetchedKeepsNothing() throws Exception {
    try (Listener listener = Listener.open();
        Connection client = Client.connect(listener.address())) {
      Connection server = listener.accept();
      JvmProcess child = start(() -> server.send("perhaps"));
      server.close();
      child.kill();
      child.close();
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> {
            while (true) {
              client.recv();
            }
          });
    }
    assertNothingIsLent();
  }

  @Test
  void receiverIsToldThatTheSenderHasEnded() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      JvmProcess child =
          start(() -> {
            Listener listener = Listener.open(Address.of("127.0.0.1:0"));
            queue.put(listener);
            Runtime.getRuntime().halt(0);
          });
      assertThat(child.join(Deadlines.LONG)).isTrue();
      child.close();
      assertThatThrownBy(queue::take)
          .hasStackTraceContaining("its sender has ended before it arrived")
          .hasStackTraceContaining("listener at 127.0.0.1:");
      queue.destroy();
    }
  }

  @Test
  void senderMayEndOnceItHasArrived() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create();
        Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess child =
          start(() -> {
            Listener listener = Listener.open(Address.of("127.0.0.1:0"));
            queue.put(listener);
            far.recv();
          });
      try (Listener listener = (Listener) queue.take()) {
        child.kill();
        child.close();
        try (Connection client = Client.connect(listener.address());
            Connection server = listener.accept()) {
          server.sendBytes(new byte[1]);
          assertThat(client.recvBytes()).hasSize(1);
        }
      }
      queue.destroy();
    }
    assertNothingIsLent();
  }

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess child = JvmProcess.of(task);
    child.start();
    return child;
  }

  private static void end(JvmProcess child) throws Exception {
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(0);
    child.close();
  }

  private void assertNothingIsLent() {
    await()
        .atMost(Deadlines.LONG)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(socketsBefore));
  }

  private static long sockets() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(PassedSocketsIT::isSocket).count();
    }
  }

  private static boolean isSocket(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
