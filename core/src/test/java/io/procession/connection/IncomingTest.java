package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Messages that never come whole take half of the memory, and no more.
class IncomingTest {
  private static final int LIMIT = 1_000_000;

  private final Incoming incoming = new Incoming(400_000);

  /// A message of a length, of which so much comes, and then nothing.
  private FrameReader reader(int length, int come) {
    ByteBuffer script = ByteBuffer.allocate(4 + come).putInt(length).position(0);
    ByteStream stream =
        new TestStream() {
          @Override
          public int read(ByteBuffer target, long deadline) {
            int count = Math.min(target.remaining(), script.remaining());
            target.put(script.slice(script.position(), count));
            script.position(script.position() + count);
            return count;
          }

          @Override
          public void write(ByteBuffer source, long deadline) {
            throw new AssertionError("nobody writes");
          }

          @Override
          public boolean awaitReadable(long deadline) {
            return true;
          }
        };
    return new FrameReader(stream, LIMIT, incoming);
  }

  private static byte @Nullable [] read(FrameReader reader) throws Exception {
    return reader.read(LIMIT, Until.FOREVER);
  }

  @Test
  void whatCannotBeHeldIsRefused() throws Exception {
    FrameReader stalled = reader(300_000, 299_999);
    assertThat(read(stalled)).isNull();
    assertThat(incoming.taken()).isEqualTo(300_000);
    assertThat(read(reader(60_000, 60_000))).as("a short one").hasSize(60_000);
    FrameReader refused = reader(200_000, 200_000);
    assertThatThrownBy(() -> read(refused))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("messageBytes=200000")
        .hasMessageContaining("mostBytes=400000");
    assertThatThrownBy(refused::checkInStep).hasMessageContaining("too much");
    assertThat(incoming.taken()).isEqualTo(300_000);
    stalled.close();
    assertThat(incoming.taken()).isZero();
    assertThat(read(reader(200_000, 200_000))).hasSize(200_000);
    assertThat(incoming.taken()).as("what has come whole is the receiver's").isZero();
  }

  @Test
  void whoIsAloneMayTakeMore() throws Exception {
    assertThat(read(reader(900_000, 900_000))).hasSize(900_000);
    assertThat(incoming.taken()).isZero();
  }

  @Test
  void whatNobodyCanReadOnTakesNothing() throws Exception {
    assertThat(read(reader(300_000, 299_999))).isNull();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return incoming.taken() == 0;
        });
  }

  @Test
  void whatIsClosedTakesNothing() throws Exception {
    FrameReader closed = reader(300_000, 299_999);
    closed.close();
    assertThat(read(closed)).isNull();
    assertThat(incoming.taken()).isZero();
  }
}
