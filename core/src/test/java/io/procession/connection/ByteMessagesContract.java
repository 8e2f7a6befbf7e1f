package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What holds of byte messages, whatever carries them.
abstract class ByteMessagesContract {
  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private final List<Connection> ends = connect();
  private final Connection near = ends.get(0);
  private final Connection far = ends.get(1);

  /// Two connections, each other's far end.
  abstract List<Connection> connect();

  @AfterEach
  void close() {
    ends.forEach(Connection::close);
  }

  @Test
  void partsOfArrays() throws Exception {
    near.sendBytes(new byte[] {1, 2, 3, 4}, 1, 2);
    near.sendBytes(new byte[0]);
    assertThat(far.recvBytes()).containsExactly(2, 3);
    assertThat(far.recvBytes()).isEmpty();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> near.sendBytes(new byte[3], 2, 2));
    assertThat(far.poll()).isFalse();
  }

  @Test
  void buffersFromPositionToLimit() throws Exception {
    for (ByteBuffer buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
      buffer.put(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).position(2).limit(5);
      near.sendBytes(buffer.asReadOnlyBuffer());
      near.sendBytes(buffer);
      assertThat(buffer.position()).isEqualTo(5);
      assertThat(far.recvBytes()).containsExactly(2, 3, 4);
      ByteBuffer target = ByteBuffer.allocate(8).position(1).limit(6);
      assertThat(far.recvBytesInto(target)).isEqualTo(3);
      assertThat(target.position()).isEqualTo(4);
      assertThat(target.limit()).isEqualTo(6);
      assertThat(target.array()).containsExactly(0, 2, 3, 4, 0, 0, 0, 0);
    }
  }

  @Test
  void segmentsOnAndOffTheHeap() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment native3 =
          arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3);
      MemorySegment ofLongs = MemorySegment.ofArray(new long[] {-1, -1}).asSlice(0, 9);
      for (MemorySegment sent :
          List.of(native3, native3.asReadOnly(), ofLongs, ofLongs.asReadOnly())) {
        near.sendBytes(sent);
        assertThat(far.recvBytes()).isEqualTo(sent.toArray(ValueLayout.JAVA_BYTE));
      }
      for (MemorySegment target : List.of(arena.allocate(12), MemorySegment.ofArray(new int[3]))) {
        near.sendBytes(native3);
        assertThat(far.recvBytesInto(target)).isEqualTo(3);
        assertThat(target.toArray(ValueLayout.JAVA_BYTE))
            .containsExactly(1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      }
    }
  }

  @Test
  void arraysFromAnOffset() throws Exception {
    byte[] target = new byte[4];
    near.sendBytes(new byte[] {5, 6});
    assertThat(far.recvBytesInto(target, 2)).isEqualTo(2);
    assertThat(target).containsExactly(0, 0, 5, 6);
    near.sendBytes(new byte[0]);
    assertThat(far.recvBytesInto(target, 4)).isZero();
    near.sendBytes(new byte[4]);
    assertThat(far.recvBytesInto(target)).isEqualTo(4);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> far.recvBytesInto(target, 5));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> far.recvBytesInto(target, -1));
  }

  @Test
  void tooShortABufferLosesNothing() throws Exception {
    near.sendBytes(new byte[] {1, 2, 3});
    near.sendBytes(new byte[] {4});
    BufferTooShortException thrown =
        catchThrowableOfType(
            BufferTooShortException.class, () -> far.recvBytesInto(new byte[4], 2));
    assertThat(thrown.message()).containsExactly(1, 2, 3);
    assertThat(far.recvBytesInto(new byte[1])).isEqualTo(1);
  }

  @Test
  void memoryThatCannotBeUsedIsRefusedBeforeAnything() throws Exception {
    near.sendBytes(new byte[] {1});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> far.recvBytesInto(ByteBuffer.allocate(1).asReadOnlyBuffer()));
    MemorySegment closed;
    try (Arena arena = Arena.ofConfined()) {
      closed = arena.allocate(4);
      MemorySegment ours = closed;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> other =
            threads.submit(() ->
                assertThatExceptionOfType(WrongThreadException.class)
                    .isThrownBy(() -> far.recvBytesInto(ours)));
        other.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    assertThatIllegalStateException().isThrownBy(() -> far.recvBytesInto(closed));
    assertThatIllegalStateException().isThrownBy(() -> near.sendBytes(closed));
    assertThat(far.recvBytes()).containsExactly(1);
    assertThat(far.poll()).isFalse();
  }

  @Test
  void memoryThatIsFreedMeanwhileIsNotTouched() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      near.sendBytes(new byte[] {1});
      assertThat(far.recvBytesInto(arena.allocate(4))).isEqualTo(1);
    }
    Arena arena = Arena.ofShared();
    MemorySegment target = arena.allocate(4);
    var receiver =
        new FutureTask<>(() -> {
          assertThatIllegalStateException().isThrownBy(() -> far.recvBytesInto(target));
          return null;
        });
    Thread thread = Thread.ofVirtual().start(receiver);
    await()
        .atMost(Deadlines.MEDIUM)
        .until(() -> WAITING.contains(thread.getState()) || !thread.isAlive());
    arena.close();
    near.sendBytes(new byte[] {2, 3});
    receiver.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void endOfStreamIsNoMessage() throws Exception {
    near.sendBytes(new byte[] {1});
    near.close();
    assertThat(far.recvBytesInto(new byte[1])).isEqualTo(1);
    assertThat(far.poll()).isTrue();
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> far.recvBytesInto(new byte[1]));
    assertThatExceptionOfType(EOFException.class).isThrownBy(far::recvBytes);
    assertThatExceptionOfType(EOFException.class).isThrownBy(far::recv);
  }

  @Test
  void closedHereSaysSo() {
    near.close();
    near.close();
    assertThat(near.isClosed()).isTrue();
    assertThatIOException().isThrownBy(near::recvBytes).withMessageContaining("closed in this");
    assertThatIOException().isThrownBy(near::poll).withMessageContaining("closed in this");
    assertThatIOException().isThrownBy(() -> near.recvBytesInto(new byte[1]));
    assertThatIOException().isThrownBy(() -> near.sendBytes(new byte[1]));
    assertThatIOException()
        .isThrownBy(() -> near.send("x"))
        .withMessageContaining("closed in this");
  }

  /// Messages of one sender keep their order, and each is received once and whole.
  @Test
  void severalThreadsUseBothEnds() throws Exception {
    int senders = 4;
    int each = 300;
    List<BitSet> seen = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      seen.add(new BitSet());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        int sender = i;
        all.add(threads.submit(() -> sendAll(sender, each)));
        all.add(threads.submit(() -> receiveAll(each, seen)));
      }
      for (Future<?> one : all) {
        one.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    assertThat(seen).allMatch(numbers -> numbers.cardinality() == each);
  }

  /// Every message is filled with its sender's number; the lengths straddle what is one write.
  private @Nullable Void sendAll(int sender, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      ByteBuffer message = ByteBuffer.allocate(i % 10 == 0 ? 20_000 : 8 + i);
      while (message.remaining() >= 1) {
        message.put((byte) sender);
      }
      message.putInt(0, i);
      near.sendBytes(message.flip());
    }
    return null;
  }

  private @Nullable Void receiveAll(int count, List<BitSet> seen) throws Exception {
    for (int i = 0; i < count; i++) {
      ByteBuffer message = ByteBuffer.wrap(far.recvBytes());
      int number = message.getInt();
      byte sender = message.get(message.position());
      while (message.hasRemaining()) {
        assertThat(message.get()).isEqualTo(sender);
      }
      synchronized (seen) {
        seen.get(sender).set(number);
      }
    }
    return null;
  }
}
