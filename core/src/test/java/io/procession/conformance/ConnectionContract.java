package io.procession.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.BufferTooShortException;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import io.procession.context.Context;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A connection is the same to who uses it, whatever carries its messages.
abstract class ConnectionContract extends Contract {
  private static final int LARGE = 3 << 20; // more than any carrier takes at once

  @TempDir private Path folder = Path.of("");

  private static ConnectionOptions options() {
    return ConnectionOptions.defaults().withAuthKey(AuthKey.of("a key of this test"));
  }

  enum Carrier {
    PIPE,
    TCP,
    UNIX
  }

  /// The other end, at the peer, from one piece of a test to the next.
  private static final class Far {
    private static @Nullable Connection end;

    private Far() {}

    static Connection end() {
      return requireNonNull(end);
    }
  }

  /// The end here of a connection whose other end peer 0 has.
  private Connection connected(Carrier carrier) throws Exception {
    if (carrier == Carrier.PIPE) {
      Pipe pipe = way().context().pipe();
      way().made(pipe, pipe::close);
      Connection far = pipe.second();
      peer(0).run(() -> Far.end = far);
      far.close(); // here: it has gone to the peer
      return pipe.first();
    }
    Address address =
        carrier == Carrier.TCP
            ? Address.tcp("localhost", 0)
            : Address.unix(folder.resolve("s-" + System.nanoTime()));
    SerializableCallable<Context> there = way().there();
    try (Listener listener = way().context().listener(address, options())) {
      Address known = listener.address();
      Peer.Reply<Boolean> dialled =
          peer(0).begin(() -> Far.end = there.call().client(known, options()));
      Connection near = listener.accept(LONG).orElseThrow();
      way().made(near, near::close);
      dialled.get();
      return near;
    }
  }

  private void closeFar() throws Exception {
    peer(0).run(() -> Far.end().close());
  }

  @ParameterizedTest
  @EnumSource
  void valuesGoBothWays(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    List<@Nullable Object> values =
        Arrays.asList(1, 2.25, "three", null, List.of(4), Map.of(5, new int[0].length));
    Peer.Reply<Boolean> echo =
        peer(0)
            .begin(() -> {
              for (int i = 0; i < 6; i++) {
                Far.end().send(Far.end().recv());
              }
            });
    for (Object value : values) {
      near.send(value);
      assertThat(near.recv()).isEqualTo(value);
    }
    echo.get();
    closeFar();
  }

  @ParameterizedTest
  @EnumSource
  void messagesKeepTheirBoundsAndTheirOrder(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    byte[] large = new byte[LARGE];
    Arrays.fill(large, (byte) 7);
    Peer.Reply<Boolean> sender =
        peer(0)
            .begin(() -> {
              Far.end().sendBytes(new byte[0]);
              Far.end().sendBytes(new byte[] {1, 2, 3, 4}, 1, 2);
              Far.end().sendBytes(large);
              Far.end().sendBytes(ByteBuffer.wrap(new byte[] {9}));
              Far.end().close();
            });
    assertThat(near.poll(LONG)).isTrue();
    assertThat(near.recvBytes()).isEmpty();
    assertThat(near.recvBytes()).containsExactly(2, 3);
    assertThat(near.recvBytes()).isEqualTo(large);
    byte[] target = new byte[2];
    assertThat(near.recvBytesInto(target, 1)).isEqualTo(1);
    assertThat(target).containsExactly(0, 9);
    sender.get();
  }

  @ParameterizedTest
  @EnumSource
  void oneTooLongForItsTargetIsNotLost(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    peer(0)
        .run(() -> {
          Far.end().sendBytes(new byte[] {1, 2, 3});
          Far.end().sendBytes(new byte[] {4});
          Far.end().close();
        });
    assertThatThrownBy(() -> near.recvBytesInto(new byte[2]))
        .isInstanceOfSatisfying(
            BufferTooShortException.class, e -> assertThat(e.message()).containsExactly(1, 2, 3));
    assertThat(near.recvBytes()).containsExactly(4);
  }

  @ParameterizedTest
  @EnumSource
  void lookingWaitsAndTakesNothing(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    assertThat(near.poll()).isFalse();
    assertThat(near.poll(Duration.ofMillis(20))).isFalse();
    Peer.Reply<Boolean> looker = peer(0).ask(() -> Far.end().poll(LONG));
    assertThat(looker.isWaiting()).isTrue();
    near.send("first");
    assertThat(looker.get()).isTrue();
    assertThat(peer(0).<@Nullable Object>call(() -> Far.end().recv())).isEqualTo("first");
    assertThat(peer(0).<Boolean>call(() -> Far.end().poll())).isFalse();
    closeFar();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasSentBeforeTheEndIsReceivedThenTheEnd(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    peer(0)
        .run(() -> {
          Far.end().send("last");
          Far.end().close();
        });
    assertThat(near.recv()).isEqualTo("last");
    assertThat(near.poll(LONG)).isTrue(); // to be told of the end nobody need wait
    assertThatThrownBy(near::recv).isInstanceOf(EOFException.class);
    assertThatThrownBy(near::recvBytes).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> sendUntilItFails(near)).isInstanceOf(IOException.class);
  }

  /// A socket's sender may be told by the next message only.
  private static void sendUntilItFails(Connection connection) throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < end) {
      connection.send("nobody reads this");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endOfTheOtherWakesWhoWaits(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    Peer.Reply<Boolean> receiver =
        peer(0)
            .begin(() -> {
              assertThatThrownBy(() -> Far.end().recv()).isInstanceOf(EOFException.class);
              Far.end().close();
            });
    assertThat(receiver.isWaiting()).isTrue();
    near.close();
    receiver.get();
  }

  @ParameterizedTest
  @EnumSource
  void closedHereSaysSo(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    assertThat(near.isReadable() && near.isWritable() && !near.isClosed()).isTrue();
    near.close();
    near.close();
    assertThat(near.isClosed()).isTrue();
    assertThatThrownBy(near::recv)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed in this");
    assertThatThrownBy(() -> near.send(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed in this");
    closeFar();
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeSentSpoilsNothing(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    assertThatThrownBy(() -> near.send(new Object())).isInstanceOf(NotSendableException.class);
    near.send("this can");
    assertThat(peer(0).<@Nullable Object>call(() -> Far.end().recv())).isEqualTo("this can");
    assertThat(peer(0).<Boolean>call(() -> Far.end().poll())).isFalse();
    closeFar();
  }

  @ParameterizedTest
  @EnumSource
  void theOneThatHasSomethingIsFound(Carrier carrier) throws Exception {
    Connection near = connected(carrier);
    Pipe silent = way().context().pipe();
    way().made(silent, silent::close);
    List<Connection> both = List.of(silent.first(), near);
    assertThat(Waitable.awaitAny(both, Duration.ofMillis(20))).isEmpty();
    peer(0).run(() -> Far.end().send("here"));
    assertThat(Waitable.awaitAny(both, LONG)).containsExactly(near);
    assertThat(near.recv()).isEqualTo("here");
    closeFar();
  }
}
