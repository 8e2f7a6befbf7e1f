package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PipeTest {
  private final Directory directory = Session.current().directory();

  @Test
  void bothEndsSendAndReceive() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      pipe.first().send("there");
      assertThat(pipe.second().recv()).isEqualTo("there");
      pipe.second().send(null);
      assertThat(pipe.first().recv()).isNull();
      pipe.first().sendBytes(new byte[] {1, 2, 3}, 1, 2);
      assertThat(pipe.second().recvBytes()).containsExactly(2, 3);
    }
  }

  @Test
  void oneWayPipeLeadsFromSecondToFirst() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      assertThat(pipe.first().isReadable()).isTrue();
      assertThat(pipe.first().isWritable()).isFalse();
      assertThat(pipe.second().isReadable()).isFalse();
      assertThat(pipe.second().isWritable()).isTrue();
      pipe.second().send(7);
      assertThat(pipe.first().recv()).isEqualTo(7);
      assertThatIOException().isThrownBy(() -> pipe.first().send(7));
      assertThatIOException().isThrownBy(() -> pipe.second().recv());
    }
  }

  @Test
  void messagesNameTheEndOfThePipe() throws Exception {
    try (Pipe pipe = Pipe.oneWay("orders")) {
      assertThatIOException()
          .isThrownBy(() -> pipe.first().send(7))
          .withMessage("the first end of a one-way pipe cannot send: orders.first");
    }
    try (Pipe pipe = Pipe.duplex("orders")) {
      pipe.second().close();
      assertThatIOException()
          .isThrownBy(() -> pipe.first().send("x"))
          .withMessageContaining("the far end of orders.first,");
    }
  }

  @Test
  void streamEndsAfterWhatWasSent() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      pipe.first().send("last words");
      pipe.first().close();
      assertThat(pipe.second().recv()).isEqualTo("last words");
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.second().recv());
      assertThat(pipe.second().poll()).isTrue();
    }
  }

  @Test
  void sendingToNobodyIsABrokenPipe() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      pipe.second().poll();
      pipe.second().close();
      assertThatIOException()
          .isThrownBy(() -> pipe.first().send("x"))
          .withMessageStartingWith("broken pipe");
    }
  }

  @Test
  void pollWaitsForAMessage() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      assertThat(pipe.first().poll()).isFalse();
      assertThat(pipe.first().poll(Duration.ofMillis(10))).isFalse();
      pipe.second().send("x");
      assertThat(pipe.first().poll(Duration.ofMillis(10))).isTrue();
    }
  }

  @Test
  void tooLongMessageStays() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      pipe.first().sendBytes(new byte[100]);
      assertThatIOException().isThrownBy(() -> pipe.second().recvBytes(99));
      assertThat(pipe.second().recvBytes(100)).hasSize(100);
    }
  }

  @Test
  void messagesLargerThanThePipeFollowOneAnother() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      for (int i = 0; i < 3; i++) {
        pipe.first().sendBytes(new byte[3 << 20]);
        assertThat(pipe.second().recvBytes()).hasSize(3 << 20);
      }
    }
  }

  @Test
  void closedEndSaysSo() {
    Pipe pipe = Pipe.duplex();
    pipe.close();
    assertThat(pipe.first().isClosed()).isTrue();
    assertThatIOException().isThrownBy(() -> pipe.first().send(1)).withMessageContaining("closed");
    assertThatIOException().isThrownBy(() -> pipe.first().recv()).withMessageContaining("closed");
  }

  @Test
  void streamEndsWhenTheFarEndIsClosedUnused() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      pipe.second().close();
      assertThat(pipe.first().poll()).isTrue();
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    }
    try (Pipe pipe = Pipe.duplex()) {
      pipe.second().close();
      assertThatIOException()
          .isThrownBy(() -> pipe.first().send("x"))
          .withMessageStartingWith("broken pipe");
    }
  }

  @Test
  void closedEndNamesItsPipe() {
    Pipe pipe = Pipe.duplex();
    String name = pipe.first().toString();
    pipe.close();
    assertThatIOException().isThrownBy(() -> pipe.first().send(1)).withMessageContaining(name);
    assertThatIOException().isThrownBy(() -> pipe.first().poll()).withMessageContaining(name);
  }

  /// Handles that were written to who knows where keep nothing open.
  @Test
  void pipeThatWasSerializedAndNeverUsedIsFreed() throws Exception {
    int before = directory.inUse();
    int sets = directory.userSetsInUse();
    for (int i = 0; i < 20; i++) {
      Pipe pipe = Pipe.duplex();
      try (var out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
        out.writeObject(pipe.second());
      }
      pipe.close();
    }
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
    assertThat(directory.userSetsInUse()).isLessThanOrEqualTo(sets);
  }

  @Test
  void endThatLiesInAQueueIsOpen() throws Exception {
    int before = directory.inUse();
    try (SharedQueue<Connection> queue = SharedQueue.create();
        Pipe pipe = Pipe.oneWay()) {
      queue.put(pipe.second());
      queue.put(pipe.second());
      pipe.second().close();
      assertThat(pipe.first().poll()).isFalse();
      Connection once = queue.take();
      once.send("once");
      once.close();
      assertThat(pipe.first().recv()).isEqualTo("once");
      assertThat(pipe.first().poll()).as("the second is still there").isFalse();
      Connection twice = queue.take();
      twice.send("twice");
      assertThat(pipe.first().recv()).isEqualTo("twice");
      assertThat(pipe.first().poll()).isFalse();
      twice.close();
      assertThatExceptionOfType(EOFException.class).isThrownBy(() -> pipe.first().recv());
    }
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
  }

  @Test
  void endThatIsLostWithItsQueueIsClosed() throws Exception {
    int before = directory.inUse();
    Pipe cleared = Pipe.oneWay();
    Pipe destroyed = Pipe.oneWay();
    SharedQueue<Connection> queue = SharedQueue.create();
    queue.put(cleared.second());
    cleared.second().close();
    queue.clear();
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> cleared.first().recv());
    queue.put(destroyed.second());
    destroyed.second().close();
    assertThat(destroyed.first().poll()).isFalse();
    queue.destroy();
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> destroyed.first().recv());
    cleared.close();
    destroyed.close();
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
  }

  /// Whoever receives the one end could receive the other: nobody can.
  @Test
  void endsThatLieInOneAnotherAreClosed() throws Exception {
    int before = directory.inUse();
    Pipe self = Pipe.oneWay();
    self.second().send(self.first());
    self.close();
    Pipe left = Pipe.oneWay();
    Pipe right = Pipe.oneWay();
    Pipe held = Pipe.oneWay();
    left.second().send(right.first());
    right.second().send(left.first());
    right.second().send(held.second());
    left.first().close();
    right.first().close();
    held.second().close();
    assertThat(held.first().poll()).as("out of reach").isTrue();
    assertThatIOException().isThrownBy(() -> left.second().send("x"));
    left.close();
    right.close();
    held.close();
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
  }

  /// An end inside the way back of a duplex pipe.
  @Test
  void endThatLiesInAPipeIsOpenWhileThatIsReadable() throws Exception {
    int before = directory.inUse();
    Pipe pipe = Pipe.oneWay();
    Pipe carrier = Pipe.duplex();
    carrier.first().send(pipe.second());
    pipe.second().close();
    assertThat(pipe.first().poll()).isFalse();
    carrier.second().close();
    assertThat(pipe.first().poll()).isTrue();
    pipe.close();
    carrier.close();
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
  }

  /// Bytes are not decoded, so whatever they would have brought is lost.
  @Test
  void endInAMessageThatIsReceivedAsBytesIsClosed() throws Exception {
    try (Pipe pipe = Pipe.oneWay();
        Pipe carrier = Pipe.oneWay()) {
      carrier.second().send(pipe.second());
      pipe.second().close();
      assertThat(pipe.first().poll()).isFalse();
      assertThat(carrier.first().recvBytes()).isNotEmpty();
      assertThat(pipe.first().poll()).isTrue();
    }
  }

  @Test
  void bytesThatAreReceivedAsAnObjectAreNamed() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      pipe.second().sendBytes(new byte[] {99, 99, 99});
      assertThatExceptionOfType(StreamCorruptedException.class)
          .isThrownBy(() -> pipe.first().recv())
          .withMessageStartingWith("the message is no object: length=3, ")
          .withMessageEndingWith("; receive with recvBytes what is sent with sendBytes");
    }
  }

  @Test
  void endThatWasClosedMeanwhileIsNotSent() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create();
        Pipe pipe = Pipe.oneWay()) {
      pipe.second().close();
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(pipe.second()))
          .withMessageNotContaining("not serializable")
          .withMessageNotContaining("Exception");
      assertThat(queue).isEmpty();
    }
  }

  /// A reader that finds the next message too long says how long it is, or looks for the next.
  @Test
  void tooLongMessageThatAnotherTakesIsNoneOfMine() throws Exception {
    try (Pipe pipe = Pipe.oneWay()) {
      Thread taker =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (pipe.first().recvBytes().length != 1) {
                    Thread.onSpinWait();
                  }
                  pipe.second().sendBytes(new byte[1]); // for one who saw the last, and waits
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 2_000; i++) {
                    pipe.second().sendBytes(new byte[100]);
                  }
                  pipe.second().sendBytes(new byte[1]);
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      while (taker.isAlive()) {
        if (pipe.first().poll()) {
          try {
            byte[] small = pipe.first().recvBytes(10);
            assertThat(small).hasSize(1);
            pipe.second().sendBytes(small); // it was the taker's
          } catch (IOException e) {
            assertThat(e).hasMessageContaining("length=100, maxLength=10");
          }
        }
      }
      sender.join();
      taker.join();
    }
  }
}
