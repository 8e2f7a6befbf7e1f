package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections over TLS in a wait for any.
@Tag("platforms")
class WaitForTlsTest {
  private static ConnectionOptions options = ConnectionOptions.defaults();

  private Listener listener;
  private Connection client;
  private Connection server;

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    options =
        ConnectionOptions.defaults()
            .withHandshakeLimit(Deadlines.LONG)
            .withTls(Certificates.context(folder));
  }

  @BeforeEach
  void connect() throws Exception {
    listener = Listener.open(Address.of("localhost:0"), options);
    FutureTask<Connection> connecting =
        new FutureTask<>(() -> Client.connect(listener.address(), options));
    Thread.ofVirtual().start(connecting);
    server = listener.accept(Deadlines.LONG).orElseThrow();
    client = connecting.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    listener.close();
  }

  @Test
  void isReadyWhileThereIsAMessageAlsoOneThatTheSocketDoesNotShow() throws Exception {
    assertThat(now()).isEmpty();
    client.sendBytes(new byte[] {1});
    client.sendBytes(new byte[] {2});
    assertThat(Waitable.awaitAny(List.of(server), Deadlines.LONG)).containsExactly(server);
    assertThat(server.recvBytes()).containsExactly(1);
    assertThat(Waitable.awaitAny(List.of(server), Deadlines.LONG)).containsExactly(server);
    assertThat(now()).containsExactly(server);
    assertThat(server.recvBytes()).containsExactly(2);
    assertThat(now()).isEmpty();
  }

  @Test
  void whoSleepsIsWokenByEachMessageAndByTheEnd() throws Exception {
    for (int i = 0; i < 20; i++) {
      FutureTask<SequencedSet<Connection>> waiting = waiting();
      client.sendBytes(new byte[] {(byte) i});
      assertThat(get(waiting)).containsExactly(server);
      assertThat(server.recvBytes()).containsExactly(i);
    }
    FutureTask<SequencedSet<Connection>> waiting = waiting();
    client.close();
    assertThat(get(waiting)).containsExactly(server);
    assertThatExceptionOfType(EOFException.class).isThrownBy(server::recvBytes);
  }

  @Test
  void whoSleepsIsToldWhatAnotherReceiverHasLeft() throws Exception {
    for (int i = 0; i < 20; i++) {
      FutureTask<byte[]> receiving = new FutureTask<>(server::recvBytes);
      Thread.ofVirtual().start(receiving);
      FutureTask<SequencedSet<Connection>> waiting = waiting();
      client.sendBytes(new byte[] {1});
      client.sendBytes(new byte[] {2});
      assertThat(get(receiving)).containsExactly(1);
      assertThat(get(waiting)).containsExactly(server);
      assertThat(server.recvBytes()).containsExactly(2);
    }
  }

  @Test
  void pollTakesNoNoticeOfAnInterrupt() throws Exception {
    ListenerTest.assertPollTakesNoNoticeOfAnInterrupt(client, server);
  }

  @Test
  void oneThatIsClosedHereIsRefused() {
    server.close();
    assertThatIllegalStateException().isThrownBy(this::now).withMessageContaining("closed");
  }

  private SequencedSet<Connection> now() throws InterruptedException {
    return Waitable.awaitAny(List.of(server), Duration.ZERO);
  }

  private FutureTask<SequencedSet<Connection>> waiting() {
    FutureTask<SequencedSet<Connection>> waiting =
        new FutureTask<>(() -> Waitable.awaitAny(List.of(server)));
    Thread.ofVirtual().start(waiting);
    return waiting;
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }
}
