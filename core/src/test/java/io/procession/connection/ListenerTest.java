package io.procession.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.procession.internal.posix.Platform;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Listeners and clients in one process.
@Tag("platforms")
@SuppressWarnings("try") // closes early, which is what is tested
class ListenerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"localhost:0", "127.0.0.1:0", "[::1]:0", "unix:FOLDER/socket", ""})
  void messagesGoBothWays(String where) throws Exception {
    try (Listener listener = open(where);
        Connection client = Client.connect(listener.address(), open());
        Connection server = listener.accept()) {
      client.send("to the listener");
      assertThat(server.recv()).isEqualTo("to the listener");
      server.sendBytes(new byte[] {1, 2, 3});
      assertThat(client.poll(Deadlines.LONG)).isTrue();
      assertThat(client.recvBytes()).containsExactly(1, 2, 3);
      server.close();
      assertThatExceptionOfType(EOFException.class).isThrownBy(client::recv);
    }
  }

  private Listener open(String where) throws IOException {
    return where.isEmpty()
        ? Listener.open(open())
        : Listener.open(Address.of(where.replace("FOLDER", folder.toString())), open());
  }

  /// Who may connect by TCP is not known to be this user.
  private static ConnectionOptions open() {
    return ConnectionOptions.defaults().withObjectsFromAnyone(true);
  }

  @Test
  void addressesAreThoseThatTheSystemGave() throws Exception {
    try (Listener listener = Listener.open(Address.of("127.0.0.1:0"))) {
      assertThat(listener.address()).isInstanceOf(Address.Tcp.class);
      assertThat(((Address.Tcp) listener.address()).port()).isPositive();
      assertThat(listener.lastAccepted()).isEmpty();
      try (Connection client = Client.connect(listener.address());
          Connection server = listener.accept()) {
        assertThat(client.toString()).contains(listener.address().toString());
        assertThat(server.toString()).contains(listener.lastAccepted().orElseThrow().toString());
      }
    }
  }

  /// With nothing there, and with a message.
  static void assertPollTakesNoNoticeOfAnInterrupt(Connection client, Connection server)
      throws Exception {
    Thread.currentThread().interrupt();
    assertThat(server.poll()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    client.sendBytes(new byte[] {1});
    assertThat(server.poll(Deadlines.LONG)).isTrue();
    Thread.currentThread().interrupt();
    assertThat(server.poll()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void pollTakesNoNoticeOfAnInterrupt() throws Exception {
    try (Listener listener = Listener.open();
        Connection client = Client.connect(listener.address());
        Connection server = listener.accept()) {
      assertPollTakesNoNoticeOfAnInterrupt(client, server);
    }
  }

  @Test
  void socketOfAPrivateFolderIsItsOwnersAloneAndGoesWithTheListener() throws Exception {
    Path file;
    try (Listener listener = Listener.open()) {
      file = Path.of(((Address.Unix) listener.address()).path());
      assertThat(mode(file)).isEqualTo("rw-------");
      assertThat(mode(requireNonNull(file.getParent()))).isEqualTo("rwx------");
      try (Connection client = Client.connect(listener.address());
          Connection server = listener.accept()) {
        assertThat(listener.lastAccepted()).isEmpty();
        client.send("objects are received from this user");
        assertThat(server.recv()).isEqualTo("objects are received from this user");
      }
    }
    assertThat(file).doesNotExist();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void fileThatIsAnothersByNowStays() throws Exception {
    Path file = folder.resolve("socket");
    try (Listener first = Listener.open(Address.unix(file))) {
      Files.delete(file);
      try (Listener second = Listener.open(Address.unix(file))) {
        first.close();
        assertThat(file).exists();
        Client.connect(second.address()).close();
      }
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void errorsNameAddressAndRemedy() throws Exception {
    Address missing = Address.unix(folder.resolve("missing"));
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> Client.connect(missing))
        .withMessageContaining(missing.toString())
        .withMessageContaining("start the listener first");
    Address nowhere = Address.unix(folder.resolve("no/folder"));
    assertThatIOException()
        .isThrownBy(() -> Listener.open(nowhere))
        .withMessage("there is no such folder: address=" + nowhere);
    Address taken;
    try (Listener listener = Listener.open(Address.of("127.0.0.1:0"))) {
      taken = listener.address();
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> Listener.open(taken))
          .withMessage(
              "address in use: address=" + taken + "; take another, or port 0 for a free one");
    }
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> Client.connect(taken))
        .withMessageContaining(taken.toString());
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> Listener.open(Address.unix(file)))
        .withMessageContaining("which is no socket: take another name");
    Address socket = Address.unix(folder.resolve("socket"));
    try (Listener _ = Listener.open(socket)) {
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> Listener.open(socket))
          .withMessageContaining("if no process listens there any more, delete it");
    }
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> Listener.open(Address.of("192.0.2.1:0")))
        .withMessageContaining("is not this one");
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> Client.connect(Address.of("nobody.invalid:1")))
        .withMessageContaining("nobody.invalid");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Client.connect(Address.of("localhost:0")));
  }

  @Test
  void sendingToWhoIsGoneIsABrokenPipe() throws Exception {
    for (String where : new String[] {"127.0.0.1:0", "unix:" + folder.resolve("gone")}) {
      try (Listener listener = Listener.open(Address.of(where));
          Connection client = Client.connect(listener.address())) {
        listener.accept().close();
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> {
              while (true) { // the first may go out before the system knows
                client.sendBytes(new byte[1 << 16]);
              }
            })
            .withMessageStartingWith("broken pipe: the other end of the stream from ")
            .withMessageContaining("connect again");
      }
    }
  }

  @Test
  void namesWithoutAFileNeedNativeCalls() throws Exception {
    Address address = Address.of("unix:@procession-test-" + ProcessHandle.current().pid());
    if (Platform.current() == Platform.PORTABLE) {
      assertThatIOException()
          .isThrownBy(() -> Listener.open(address))
          .withMessageStartingWith("names without a file need native calls");
      return;
    }
    try (Listener listener = Listener.open(address);
        Connection client = Client.connect(address);
        Connection server = listener.accept()) {
      server.sendBytes(new byte[1]);
      assertThat(client.recvBytes()).hasSize(1);
    }
  }

  @Test
  void acceptingEndsAtItsTimeLimitByInterruptAndByClose() throws Exception {
    try (Listener listener = Listener.open();
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      assertThat(listener.accept(Duration.ZERO)).isEmpty();
      assertThat(listener.accept(Deadlines.SHORT)).isEmpty();
      CompletableFuture<Thread> waiter = new CompletableFuture<>();
      Future<Connection> interrupted =
          threads.submit(() -> {
            waiter.complete(Thread.currentThread());
            return listener.accept();
          });
      waiter.get().interrupt();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> interrupted.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
          .withCauseInstanceOf(InterruptedException.class);
      List<Future<Connection>> accepters = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        accepters.add(threads.submit(() -> listener.accept()));
      }
      listener.close();
      for (Future<Connection> accepter : accepters) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> accepter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
            .withCauseInstanceOf(IOException.class)
            .withMessageContaining("closed in this process: listener=");
      }
      assertThat(listener.isClosed()).isTrue();
      assertThatIOException().isThrownBy(listener::accept);
    }
  }

  @Test
  void clientWithoutTheKeyThatIsAskedForIsToldSo() throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults().withAuthKey(AuthKey.random());
    try (Listener listener = Listener.open(options);
        Connection client = Client.connect(listener.address())) {
      do { // until it has been greeted: whoever accepts for too short a time meets nobody
        assertThat(listener.accept(Deadlines.SHORT)).isEmpty();
      } while (!client.poll());
      assertThatExceptionOfType(StreamCorruptedException.class)
          .isThrownBy(client::recv)
          .withMessageStartingWith("the other end asks for a key")
          .withMessageEndingWith("connect with ConnectionOptions.withAuthKey");
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> client.send(options))
          .withMessageEndingWith("let the task make it, of what it is told a private way");
    }
  }

  @Test
  void connectingHasATimeLimit() throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults();
    try (Listener listener = Listener.open(Address.unix(folder.resolve("full")), options, 1)) {
      List<Connection> waiting = new ArrayList<>();
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
              waiting.add(Client.connect(listener.address(), options, Deadlines.SHORT));
            }
          })
          .withMessageContaining(listener.address().toString());
      waiting.forEach(Connection::close);
    }
  }

  @Test
  void backlogMustBePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Listener.open(Address.of("127.0.0.1:0"), ConnectionOptions.defaults(), 0));
  }

  @Test
  void manyConnectionsAtOnce() throws Exception {
    List<Connection> open = new ArrayList<>();
    try (Listener listener = Listener.open()) {
      for (int i = 0; i < 500; i++) {
        Connection client = Client.connect(listener.address());
        open.add(client);
        Connection server = listener.accept();
        open.add(server);
        server.sendBytes(new byte[] {(byte) i});
      }
      for (int i = 0; i < 500; i++) {
        assertThat(open.get(2 * i).recvBytes()).containsExactly((byte) i);
      }
    } finally {
      open.forEach(Connection::close);
    }
  }

  @Test
  void whatCannotBeSentSaysWhy() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create();
        Listener listener = Listener.open();
        Listener withTls =
            Listener.open(
                Address.of("127.0.0.1:0"),
                ConnectionOptions.defaults().withTls(SSLContext.getDefault()));
        Connection client = Client.connect(listener.address())) {
      if (Platform.current() == Platform.PORTABLE) {
        for (Object each : List.of(listener, client)) {
          assertThatExceptionOfType(NotSendableException.class)
              .isThrownBy(() -> queue.put(each))
              .withStackTraceContaining("by native calls only");
        }
        return;
      }
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(withTls))
          .withStackTraceContaining("a listener with TLS cannot be sent");
      client.close();
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(client))
          .withStackTraceContaining("closed cannot be sent");
      listener.close();
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(listener))
          .withStackTraceContaining("what is closed cannot be sent");
    }
  }
}
