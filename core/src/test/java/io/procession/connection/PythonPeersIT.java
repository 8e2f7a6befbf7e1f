package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.testing.Deadlines;
import io.procession.testing.Pythons;
import io.procession.testing.Pythons.Python;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections to every CPython of this machine, in both roles.
@Timeout(240)
class PythonPeersIT {
  private static final String KEY = "both-know-it";
  private static final int[] LENGTHS = {0, 1, 16_384, 16_385, 200_000};
  private static final ConnectionOptions OPTIONS = options(KEY);

  /// Those that the protocol was written for; others that are found are talked to as well.
  private static final List<String> VERSIONS =
      Stream.of("2.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
          .map("Python "::concat)
          .toList();

  @TempDir static Path folder;

  private static ConnectionOptions options(String key) {
    return ConnectionOptions.defaults()
        .withAuthKey(AuthKey.of(key))
        .withHandshakeLimit(Deadlines.LONG);
  }

  @TestFactory
  List<DynamicTest> everyCPython() throws Exception {
    var tests = new ArrayList<DynamicTest>();
    List<Python> pythons = Pythons.all();
    Set<String> found = pythons.stream().map(Python::toString).collect(Collectors.toSet());
    for (String version : VERSIONS) {
      tests.add(
          DynamicTest.dynamicTest(
              version + " is here",
              () ->
                  assumeTrue(
                      found.contains(version),
                      () ->
                          version
                              + " was not talked to: looked for "
                              + VERSIONS
                              + " on the path and among pyenv's, found "
                              + pythons)));
    }
    for (Python python : pythons) {
      tests.add(DynamicTest.dynamicTest(python + " by TCP", () -> talkByTcp(python)));
      tests.add(
          DynamicTest.dynamicTest(python + " by a Unix domain socket", () -> talkByUnix(python)));
    }
    return tests;
  }

  private static void talkByTcp(Python python) throws Exception {
    try (var peer = peer(python, "AF_INET", "127.0.0.1:0")) {
      String place = peer.answer().substring("listening ".length());
      talk(python, peer, Address.of(place), Address.tcp("127.0.0.1", 0));
    }
  }

  private static void talkByUnix(Python python) throws Exception {
    Path theirs = folder.resolve("py" + python.major() + python.minor());
    Path ours = folder.resolve("java" + python.major() + python.minor());
    try (var peer = peer(python, "AF_UNIX", theirs.toString())) {
      assertThat(peer.answer()).isEqualTo("listening " + theirs);
      talk(python, peer, Address.unix(theirs), Address.unix(ours));
    }
  }

  private static PythonPeer peer(Python python, String family, String place) throws Exception {
    return new PythonPeer(python, folder, family, KEY, place);
  }

  private static void talk(Python python, PythonPeer peer, Address theirs, Address ours)
      throws Exception {
    asClient(python, peer, theirs);
    asListener(python, peer, ours);
  }

  private static void asClient(Python python, PythonPeer peer, Address theirs) throws Exception {
    peer.order("accept");
    try (Connection connection = Client.connect(theirs, OPTIONS)) {
      exchange(connection);
    }
    assertThat(peer.answer()).isEqualTo("echoed " + LENGTHS.length);

    peer.order("accept");
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Client.connect(theirs, options("another")));
    assertThat(peer.answer()).isEqualTo("unauthentic");

    peer.order("accept");
    if (python.isAtLeast(3, 12)) {
      Client.connect(theirs, OPTIONS.withMd5(false)).close();
      assertThat(peer.answer()).isEqualTo("echoed 0");
    } else {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> Client.connect(theirs, OPTIONS.withMd5(false)))
          .withMessageContaining("MD5");
      assertThat(peer.answer()).isEqualTo("broken");
    }
  }

  private static void asListener(Python python, PythonPeer peer, Address ours) throws Exception {
    try (Listener listener = Listener.open(ours, OPTIONS)) {
      order(peer, listener, KEY);
      try (Connection connection = accept(listener).orElseThrow()) {
        exchange(connection);
      }
      assertThat(peer.answer()).isEqualTo("echoed " + LENGTHS.length);

      assertRefused(peer, listener, "another");
    }
    if (!python.isAtLeast(3, 12)) {
      try (Listener strict = Listener.open(ours, OPTIONS.withMd5(false))) {
        assertRefused(peer, strict, KEY);
      }
    }
  }

  private static void assertRefused(PythonPeer peer, Listener listener, String key)
      throws Exception {
    var accepting =
        new FutureTask<@Nullable Void>(() -> {
          assertThatIOException().isThrownBy(listener::accept);
          return null;
        });
    Thread.ofVirtual().start(accepting);
    order(peer, listener, key);
    assertThat(peer.answer()).isEqualTo("unauthentic");
    Awaitility.await().until(() -> listener.refusals() == 1);
    listener.close();
    accepting.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void order(PythonPeer peer, Listener listener, String key) {
    String address =
        listener.address() instanceof Address.Unix(String path)
            ? path
            : listener.address().toString();
    peer.order("connect " + address + " " + key);
  }

  private static Optional<Connection> accept(Listener listener) throws Exception {
    return listener.accept(Deadlines.LONG);
  }

  private static void exchange(Connection connection) throws Exception {
    for (int length : LENGTHS) {
      byte[] message = new byte[length];
      Arrays.fill(message, (byte) length);
      connection.sendBytes(message);
      assertThat(connection.recvBytes()).isEqualTo(message);
    }
  }

  /// Who has no key gets no objects through TCP, but bytes.
  @Test
  void strangersSendBytesOnly() throws Exception {
    try (Listener listener = Listener.open(Address.tcp("127.0.0.1", 0));
        Connection client = Client.connect(listener.address());
        Connection server = accept(listener).orElseThrow()) {
      client.send("an object");
      assertThatIOException()
          .isThrownBy(server::recv)
          .withMessageContaining("objects are received from who is authenticated only");
      assertThat(server.recvBytes()).isNotEmpty();
    }
  }
}
