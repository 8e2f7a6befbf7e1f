package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS over streams in memory.
class TlsStreamTest {
  private static final TlsPeer PEER = new TlsPeer("localhost", 1);
  private static final AuthKey KEY = AuthKey.random();

  private static ConnectionOptions options = ConnectionOptions.defaults();

  private final List<PipedStream> streams = PipedStream.pair();
  private final PipedStream raw = streams.get(1);

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    options =
        ConnectionOptions.defaults()
            .withHandshakeLimit(Deadlines.LONG)
            .withAuthKey(KEY)
            .withTls(Certificates.context(folder));
  }

  @AfterEach
  void close() {
    streams.forEach(PipedStream::close);
  }

  @Test
  @SuppressWarnings("try") // that the end is clean is what it asks
  void messagesGoBothWaysAndTheEndIsClean() throws Exception {
    FutureTask<Connection> accepting = accept(options);
    try (Connection client = Handshake.asClient(raw, options, PEER);
        Connection server = get(accepting)) {
      client.send("object");
      assertThat(server.recv()).isEqualTo("object");
      byte[] large = new byte[40_000];
      Arrays.fill(large, (byte) 7);
      server.sendBytes(large);
      server.sendBytes(new byte[0]);
      assertThat(client.poll()).isTrue();
      assertThat(client.recvBytes()).isEqualTo(large);
      assertThat(client.recvBytes()).isEmpty();
      assertThat(client.poll(Duration.ofMillis(10))).isFalse();
      server.close();
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recvBytes);
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recvBytes);
    }
  }

  @Test
  void nothingReadableIsOnTheWire() throws Exception {
    FutureTask<Connection> accepting = accept(options);
    try (Connection client = Handshake.asClient(raw, options, PEER);
        Connection server = get(accepting)) {
      server.sendBytes("in the clear?".getBytes(StandardCharsets.UTF_8));
      ByteBuffer seen = ByteBuffer.allocate(1000);
      raw.read(seen, Until.FOREVER);
      assertThat(new String(seen.array(), StandardCharsets.ISO_8859_1)).doesNotContain("clear");
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void cutStreamIsNoEnd() throws Exception {
    FutureTask<Connection> accepting = accept(options);
    try (Connection client = Handshake.asClient(raw, options, PEER);
        Connection server = get(accepting)) {
      streams.get(0).close();
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(SSLException.class).isThrownBy(client::recvBytes);
      }
      assertThat(server.isClosed()).isTrue();
    }
  }

  @Test
  void forgedBytesAreNoEnd() throws Exception {
    FutureTask<Connection> accepting = accept(options);
    try (Connection client = Handshake.asClient(raw, options, PEER);
        Connection server = get(accepting)) {
      byte[] forged = new byte[100];
      forged[0] = 23;
      forged[1] = 3;
      forged[2] = 3;
      forged[4] = 95;
      streams.get(0).write(ByteBuffer.wrap(forged), Until.FOREVER);
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(SSLException.class).isThrownBy(client::recvBytes);
      }
      assertThat(server.isClosed()).isFalse();
    }
  }

  @Test
  void hostIsChecked() {
    FutureTask<Connection> accepting = accept(options);
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> Handshake.asClient(raw, options, new TlsPeer("elsewhere.example", 1)));
    assertThat(raw.isClosed()).isTrue();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(accepting))
        .withCauseInstanceOf(IOException.class);
    assertThat(streams.get(0).isClosed()).isTrue();
  }

  @Test
  void hostNeedNotBeChecked() throws Exception {
    TlsOptions tls = tls().withEndpointIdentification("");
    FutureTask<Connection> accepting = accept(options);
    try (Connection client =
            Handshake.asClient(raw, options.withTls(tls), new TlsPeer("elsewhere.example", 1));
        Connection server = get(accepting)) {
      client.send(1);
      assertThat(server.recv()).isEqualTo(1);
    }
  }

  @Test
  void certificateThatNobodyTrustsIsRefused() throws NoSuchAlgorithmException {
    FutureTask<Connection> accepting = accept(options);
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> Handshake.asClient(raw, options.withTls(SSLContext.getDefault()), PEER));
    assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(accepting));
  }

  @Test
  void clientWithoutACertificateIsRefusedIfOneIsNeeded() throws Exception {
    FutureTask<Connection> accepting = accept(options.withTls(tls().withClientCertificate(true)));
    SSLContext noKey = SSLContext.getInstance("TLS");
    noKey.init(null, new TrustManager[] {new TrustAll()}, null);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Handshake.asClient(raw, options.withTls(noKey), PEER));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(accepting))
        .withCauseInstanceOf(SSLException.class);
  }

  @Test
  void silentPeersTimeIsUp() {
    var hasty = options.withHandshakeLimit(Duration.ofMillis(20));
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> Handshake.asListener(streams.get(0), hasty));
    assertThat(streams.get(0).isClosed()).isTrue();
  }

  /// What has come is not waited for; the limit holds all the same.
  @Test
  void handshakeEndsAtItsLimitThoughSomethingAlwaysComes() throws Exception {
    FutureTask<Connection> client = start(() -> Handshake.asClient(raw, options, PEER));
    var late = new LateStream(streams.get(0));
    long deadline = Until.after(Duration.ofMillis(20));
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> TlsStream.asListener(late, tls(), deadline));
    late.close();
    assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(client));
  }

  @Test
  void whoSendsNothingButEmptyRecordsIsRefused() throws Exception {
    var talker = new EmptyTlsRecords(raw, options);
    FutureTask<TlsStream> shaking =
        start(() -> TlsStream.asListener(streams.get(0), tls(), soon()));
    talker.shakeHands();
    TlsStream stream = get(shaking);
    talker.send(TlsStream.MOST_VAIN_RECORDS);
    assertThat(stream.awaitReadable(Until.NOW)).isFalse();
    talker.send(1);
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> stream.awaitReadable(Until.NOW))
        .withMessageContaining("records without content");
  }

  @Test
  void plainPeerIsRefused() throws Exception {
    FutureTask<Connection> accepting = accept(options);
    raw.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 0}), Until.FOREVER);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(accepting))
        .withCauseInstanceOf(SSLException.class);
  }

  @Test
  void itIsForTcpAndForOneProcess() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Handshake.asClient(raw, options, null))
        .withMessageContaining("TLS is for TCP");
    var tls = TlsStreamTest.options;
    List<PipedStream> others = PipedStream.pair();
    FutureTask<Connection> accepting = start(() -> Handshake.asListener(others.get(0), tls));
    try (Connection client = Handshake.asClient(others.get(1), tls, PEER);
        Connection server = get(accepting);
        var out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(client))
          .withMessageContaining("TLS");
      assertThat(server.toString()).contains("TLS");
    }
  }

  private static long soon() {
    return Until.after(Deadlines.LONG);
  }

  private static TlsOptions tls() {
    return Objects.requireNonNull(options.tls());
  }

  private FutureTask<Connection> accept(ConnectionOptions listeners) {
    return start(() -> Handshake.asListener(streams.get(0), listeners));
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    var task = new FutureTask<>(body);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// A stream whose bytes come after the deadline.
  private static final class LateStream implements ByteStream {
    private final ByteStream stream;

    LateStream(ByteStream stream) {
      this.stream = stream;
    }

    @Override
    public int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
      while (!Until.hasPassed(deadline)) {
        Thread.onSpinWait();
      }
      return stream.read(target, Until.FOREVER);
    }

    @Override
    public void write(ByteBuffer source, long deadline) throws IOException, InterruptedException {
      stream.write(source, deadline);
    }

    @Override
    public boolean awaitReadable(long deadline) throws IOException, InterruptedException {
      return stream.awaitReadable(deadline);
    }

    @Override
    public boolean isOfThisUser() {
      return stream.isOfThisUser();
    }

    @Override
    public boolean isClosed() {
      return stream.isClosed();
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  /// A client that believes everybody.
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
