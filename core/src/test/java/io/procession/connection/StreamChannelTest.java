package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// CPython's framing, over streams in memory.
class StreamChannelTest {
  private static final int LIMIT = 1_000_000;

  private final List<PipedStream> streams = PipedStream.pair();
  private final PipedStream raw = streams.get(1);
  private final Connection near = over(streams.get(0));
  private final Connection far = over(raw);

  private static Connection over(ByteStream stream) {
    var options = ConnectionOptions.defaults();
    return Connection.over(stream, new StreamTraits(options.codec(), LIMIT, true));
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  @Test
  void shortMessagesAreOneWrite() throws Exception {
    near.sendBytes(new byte[0]);
    near.sendBytes(new byte[16_384]);
    assertThat(streams.get(0).writes).containsExactly(4, 16_388);
    assertThat(far.recvBytes()).isEmpty();
    assertThat(far.recvBytes()).hasSize(16_384);
    near.sendBytes(new byte[16_385]);
    assertThat(streams.get(0).writes).endsWith(4, 16_385);
    assertThat(far.recvBytes()).hasSize(16_385);
  }

  @Test
  void lengthIsBigEndian() throws Exception {
    near.sendBytes(new byte[] {7, 8, 9}, 1, 2);
    assertThat(bytes(6)).containsExactly(0, 0, 0, 2, 8, 9);
  }

  @Test
  void longHeaderIsAcceptedForAnyLength() throws Exception {
    write(-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 2, 5, 6);
    assertThat(near.recvBytes()).containsExactly(5, 6);
  }

  @Test
  void negativeLengthsAreRefused() throws Exception {
    write(-1, -1, -1, -2, 0, 0, 0, 0);
    assertThatIOException().isThrownBy(near::recvBytes).withMessageContaining("length=-2");
    assertThatIOException().isThrownBy(near::recvBytes).withMessageContaining("length=-2");
    assertThatIOException().isThrownBy(near::poll);
  }

  @Test
  void lengthsAboveTheLimitAreRefused() throws Exception {
    write(0, 0x0F, 0x42, 0x41);
    assertThatIOException().isThrownBy(near::recvBytes).withMessageContaining("length=1000001");
  }

  @Test
  void hugeUnsignedLengthsAreRefused() throws Exception {
    write(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    assertThatIOException()
        .isThrownBy(near::recvBytes)
        .withMessageContaining("length=18446744073709551615");
  }

  @Test
  void longerThanAskedForMakesItUnreadable() throws Exception {
    far.sendBytes(new byte[10]);
    assertThatIOException()
        .isThrownBy(() -> near.recvBytes(9))
        .withMessageContaining("bad message length");
    assertThatIOException().isThrownBy(() -> near.recvBytes(10));
  }

  @Test
  void endBeforeAMessageIsTheEndOfTheStream() throws Exception {
    far.sendBytes(new byte[1]);
    far.close();
    assertThat(near.recvBytes()).hasSize(1);
    assertThat(near.poll()).isTrue();
    assertThatExceptionOfType(EOFException.class).isThrownBy(near::recvBytes);
  }

  @Test
  void endInAHeaderIsNone() throws Exception {
    write(0, 0);
    far.close();
    assertTorn();
  }

  @Test
  void endBetweenHeaderAndBodyIsNone() throws Exception {
    write(0, 0, 0, 2);
    far.close();
    assertTorn();
  }

  private void assertTorn() {
    assertThatIOException()
        .isThrownBy(near::recvBytes)
        .isNotInstanceOf(EOFException.class)
        .withMessageContaining("in the middle of a message");
  }

  @Test
  void interruptedReceiverLeavesTheMessageToTheNext() throws Exception {
    write(0, 0, 0, 3, 1, 2);
    var interrupted = new Interrupted(() -> near.recvBytes());
    interrupted.run();
    write(3);
    assertThat(near.recvBytes()).containsExactly(1, 2, 3);
  }

  @Test
  void interruptedSenderCannotTakeItBack() throws Exception {
    var interrupted = new Interrupted(() -> near.sendBytes(new byte[200_000]));
    interrupted.run();
    assertThatIOException()
        .isThrownBy(() -> near.sendBytes(new byte[1]))
        .withMessageContaining("in part only");
  }

  @Test
  void closeEndsAReceiver() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> receiver =
          threads.submit(() -> assertThatIOException().isThrownBy(near::recvBytes));
      assertThat(near.poll(Duration.ofMillis(10))).isFalse();
      near.close();
      receiver.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
    }
    assertThat(near.isClosed()).isTrue();
  }

  /// Runs something that waits, and interrupts it.
  private record Interrupted(Body body) {
    private static final Set<Thread.State> WAITING =
        Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    interface Body {
      void run() throws Exception;
    }

    void run() throws Exception {
      var task =
          new FutureTask<@Nullable Void>(() -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(body::run);
            return null;
          });
      Thread thread = Thread.ofVirtual().start(task);
      Awaitility.await().until(() -> WAITING.contains(thread.getState()));
      thread.interrupt();
      task.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void write(int... bytes) throws Exception {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) bytes[i];
    }
    raw.write(ByteBuffer.wrap(all), Until.FOREVER);
  }

  private byte[] bytes(int count) throws Exception {
    ByteBuffer target = ByteBuffer.allocate(count);
    while (target.hasRemaining()) {
      raw.read(target, Until.FOREVER);
    }
    return Arrays.copyOf(target.array(), count);
  }
}
