package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.AuthenticationException;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.context.Context;
import io.procession.internal.posix.Platform;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Who knows an address and its key is connected with who listens there.
abstract class ListenerContract extends Contract {
  private static final String KEY = "a key of this test";

  private static ConnectionOptions options() {
    return ConnectionOptions.defaults().withAuthKey(AuthKey.of(KEY));
  }

  private Listener listener(Address address) throws IOException {
    Listener listener = way().context().listener(address, options());
    return way().made(listener, listener::close);
  }

  @Test
  void othersConnectByTcpAndByAFile() throws Exception {
    SerializableCallable<Context> there = way().there();
    try (Listener own = way().context().listener()) {
      for (Listener listener : List.of(own, listener(Address.tcp("localhost", 0)))) {
        Address address = listener.address();
        boolean byKey = listener != own;
        Peer.Reply<Boolean> client =
            peer(0)
                .begin(() -> {
                  try (Connection connection =
                      there
                          .call()
                          .client(address, byKey ? options() : ConnectionOptions.defaults())) {
                    connection.send("hello");
                    assertThat(connection.recv()).isEqualTo("hello!");
                  }
                });
        try (Connection accepted = listener.accept(LONG).orElseThrow()) {
          accepted.send(accepted.recv() + "!");
          client.get();
        }
      }
    }
  }

  @Test
  void oneWithoutTheKeyIsRefused() throws Exception {
    Listener listener = listener(Address.tcp("localhost", 0));
    Address address = listener.address();
    SerializableCallable<Context> there = way().there();
    Peer.Reply<Boolean> client =
        peer(0)
            .begin(() ->
                assertThatThrownBy(() ->
                        there
                            .call()
                            .client(
                                address,
                                ConnectionOptions.defaults()
                                    .withAuthKey(AuthKey.of("another key"))))
                    .isInstanceOf(AuthenticationException.class));
    do {
      assertThat(listener.accept(Deadlines.SHORT)).isEmpty();
    } while (client.isWaiting()); // it is refused by who accepts
    client.get();
  }

  @Test
  void whatAClientHasLeftIsThere() throws Exception {
    SerializableCallable<Context> there = way().there();
    try (Listener listener = way().context().listener()) { // with no key, nobody need have accepted
      Address address = listener.address();
      peer(0)
          .run(() -> {
            Connection connection = there.call().client(address, ConnectionOptions.defaults());
            connection.sendBytes(new byte[] {1});
            connection.close();
          });
      try (Connection accepted = listener.accept(LONG).orElseThrow()) {
        assertThat(accepted.poll(LONG)).isTrue();
        assertThat(accepted.recvBytes()).containsExactly(1);
        assertThatThrownBy(accepted::recvBytes).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void addressIsTakenOnceAndClosedItAcceptsNobody() throws Exception {
    Listener listener = listener(Address.tcp("localhost", 0));
    assertThatThrownBy(() -> listener(listener.address())).isInstanceOf(IOException.class);
    listener.close();
    assertThatThrownBy(listener::accept).isInstanceOf(IOException.class);
  }

  @Test
  void acceptedConnectionIsHandedOn() throws Exception {
    Listener listener = listener(Address.tcp("localhost", 0));
    Address address = listener.address();
    SerializableCallable<Context> there = way().there();
    Peer.Reply<Object> client =
        peer(0)
            .ask(() -> {
              try (Connection connection = there.call().client(address, options())) {
                return Objects.requireNonNull(connection.recv());
              }
            });
    Connection accepted = listener.accept(LONG).orElseThrow();
    try {
      SerializableRunnable handedOn =
          () -> {
            accepted.send("from another");
            accepted.close();
          };
      if (Platform.current() == Platform.PORTABLE) {
        assertThatThrownBy(() -> peer(1).run(handedOn))
            .isInstanceOf(NotSendableException.class)
            .hasMessageContaining("native calls only");
        accepted.send("from another");
      } else {
        peer(1).run(handedOn);
      }
      assertThat(client.get()).isEqualTo("from another");
    } finally {
      accepted.close();
    }
  }
}
