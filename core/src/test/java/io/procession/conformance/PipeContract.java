package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.BufferTooShortException;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What goes into one end of a pipe comes out of the other, message by message.
abstract class PipeContract extends Contract {
  private Pipe pipe() {
    Pipe pipe = way().context().pipe();
    return way().made(pipe, pipe::close);
  }

  @Test
  void objectsAndBytesGoBothWays() throws Exception {
    Pipe pipe = pipe();
    Connection near = pipe.first();
    Connection far = pipe.second();
    Peer.Reply<Boolean> echo = peer(0).begin(() -> echo(far));
    List<?> list = Arrays.asList(1, 2.25, null);
    near.send(list);
    assertThat(near.recv()).isEqualTo(list);
    assertThat(near.poll()).isFalse();
    assertThat(near.poll(Duration.ofMillis(20))).isFalse();
    near.send(null);
    assertThat(near.poll(LONG)).isTrue();
    assertThat(near.recv()).isNull();
    byte[] large = new byte[16 << 20];
    Arrays.fill(large, (byte) 'X');
    near.send(large);
    assertThat((byte[]) near.recv()).isEqualTo(large);
    near.send("end");
    echo.get();
    assertThatThrownBy(near::recv).isInstanceOf(EOFException.class);
    assertThatThrownBy(near::recvBytes).isInstanceOf(EOFException.class);
  }

  private static void echo(Connection connection) throws Exception {
    Object message = connection.recv();
    while (!Objects.equals(message, "end")) {
      connection.send(message);
      message = connection.recv();
    }
    connection.close();
  }

  @Test
  void messagesKeepTheirBoundsAlsoEmptyOnes() throws Exception {
    Pipe pipe = pipe();
    Connection near = pipe.first();
    Connection far = pipe.second();
    assertThat(near.poll()).isFalse();
    byte[] alphabet =
        "abcdefghijklmnopqrstuvwxyz".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    peer(0)
        .run(() -> {
          far.sendBytes(new byte[0]);
          far.sendBytes(alphabet);
          far.sendBytes(alphabet, 7, 8);
          far.sendBytes(alphabet, 26, 0);
          far.sendBytes(alphabet);
        });
    assertThat(near.poll()).isTrue();
    assertThat(near.poll()).isTrue();
    assertThat(near.recvBytes()).isEmpty();
    assertThat(near.recvBytes()).isEqualTo(alphabet);
    assertThat(near.recvBytes()).isEqualTo(Arrays.copyOfRange(alphabet, 7, 15));
    assertThat(near.recvBytes()).isEmpty();
    assertThatThrownBy(() -> near.recvBytesInto(new byte[25]))
        .isInstanceOfSatisfying(
            BufferTooShortException.class, e -> assertThat(e.message()).isEqualTo(alphabet));
    assertThat(near.poll()).isFalse();
  }

  @Test
  void lookingTakesNothing() throws Exception {
    Pipe pipe = pipe();
    Connection far = pipe.second();
    Peer.Reply<Boolean> looker = peer(0).ask(() -> far.poll(LONG));
    assertThat(looker.isWaiting()).isTrue();
    pipe.first().send("first");
    pipe.first().send("second");
    assertThat(looker.get()).isTrue();
    assertThat(far.recv()).isEqualTo("first");
    assertThat(far.recv()).isEqualTo("second");
  }

  @Test
  void oneWayPipeLeadsFromSecondToFirst() throws Exception {
    Pipe pipe = way().context().oneWayPipe();
    way().made(pipe, pipe::close);
    Connection reader = pipe.first();
    Connection writer = pipe.second();
    peer(0).run(() -> writer.send(1));
    assertThat(reader.recv()).isEqualTo(1);
    assertThat(reader.isReadable() && !reader.isWritable()).isTrue();
    assertThat(writer.isWritable() && !writer.isReadable()).isTrue();
    assertThatThrownBy(() -> reader.send(2)).isInstanceOf(IOException.class);
    assertThatThrownBy(writer::recv).isInstanceOf(IOException.class);
    assertThatThrownBy(writer::poll).isInstanceOf(IOException.class);
  }

  @Test
  void endsGoThroughPipes() throws Exception {
    Pipe way = pipe();
    Pipe sent = pipe();
    Connection far = way.second();
    Peer.Reply<Boolean> other =
        peer(0)
            .begin(() -> {
              Connection received = (Connection) Objects.requireNonNull(far.recv());
              received.send("all is well");
              received.send(received.recv() + "bar");
              received.close();
            });
    way.first().send(sent.second());
    sent.second().close();
    assertThat(sent.first().recv()).isEqualTo("all is well");
    sent.first().send("foo");
    assertThat(sent.first().recv()).isEqualTo("foobar");
    other.get();
  }

  @Test
  void closedEndSaysSo() {
    Pipe pipe = pipe();
    assertThat(pipe.first().isClosed()).isFalse();
    pipe.close();
    assertThat(pipe.first().isClosed() && pipe.second().isClosed()).isTrue();
    assertThatThrownBy(() -> pipe.first().send(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(pipe.second()::recv).isInstanceOf(IOException.class);
  }

  @Test
  void anyOfManyIsWaitedFor() throws Exception {
    List<Connection> open = new ArrayList<>();
    List<Peer.Reply<Boolean>> others = new ArrayList<>();
    for (Peer peer : way().peers()) {
      Pipe pipe = way().context().oneWayPipe();
      way().made(pipe, pipe::close);
      Connection far = pipe.second();
      open.add(pipe.first());
      others.add(
          peer.begin(() -> {
            for (int i = 0; i < 10; i++) {
              far.send(i);
            }
            far.close();
          }));
    }
    assertThat(Waitable.awaitAny(open, Duration.ofMillis(-1))).isNotNull();
    List<Object> messages = new ArrayList<>();
    while (!open.isEmpty()) {
      for (Connection each : Waitable.awaitAny(open, LONG)) {
        try {
          messages.add(each.recv());
        } catch (EOFException e) {
          open.remove(each);
        }
      }
    }
    assertThat(messages).hasSize(10 * Way.PEERS);
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
  }
}
