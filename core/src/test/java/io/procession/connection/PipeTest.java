package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.EOFException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PipeTest {
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
}
