package io.procession.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The stage between the socket and `accept`, with streams in memory for sockets.
class ReceptionTest {
  private static final AuthKey KEY = AuthKey.random();
  private static final ConnectionOptions OPTIONS =
      ConnectionOptions.defaults().withAuthKey(KEY).withHandshakeLimit(Deadlines.LONG);

  private final Street street = new Street();
  private final Reception reception = new Reception(street, OPTIONS);
  private final List<PipedStream> visitors = new ArrayList<>();

  /// Streams that have come.
  private static final class Street implements Reception.Door {
    final BlockingQueue<ByteStream> streams = new LinkedBlockingQueue<>();
    final AtomicInteger waiting = new AtomicInteger();
    volatile @Nullable IOException failure;
    volatile @Nullable Error error;

    @Override
    public @Nullable ByteStream accept(long deadline) throws IOException, InterruptedException {
      IOException known = failure;
      if (known != null) {
        failure = null;
        throw known;
      }
      Error thrown = error;
      if (thrown != null) {
        error = null;
        throw thrown;
      }
      waiting.incrementAndGet();
      try {
        return streams.poll(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS);
      } finally {
        waiting.decrementAndGet();
      }
    }

    @Override
    public boolean isClosed() {
      return false;
    }
  }

  @AfterEach
  void close() {
    reception.close();
    visitors.forEach(PipedStream::close);
  }

  @Test
  void honestPeerIsServedThoughOthersAreSilent() throws Exception {
    for (int i = 0; i < 50; i++) {
      silent();
    }
    Thread honest = honest();
    try (Connection connection = accepted()) {
      assertThat(connection.recv()).isEqualTo("honest");
    }
    honest.join();
  }

  @Test
  void silentPeersAreDroppedFromTheOldestOn() throws Exception {
    for (int i = 0; i < Reception.MOST_UNFINISHED; i++) {
      silent();
    }
    awaitTaken();
    assertThat(visitors).noneMatch(PipedStream::hasEnded);
    Thread honest = honest();
    try (Connection connection = accepted()) {
      assertThat(connection.isClosed()).isFalse();
    }
    honest.join();
    assertThat(visitors.getFirst().hasEnded()).isTrue();
    assertThat(reception.refusals()).isEqualTo(1);
  }

  @Test
  void silentPeersTimeIsUp() throws Exception {
    var hasty = new Reception(street, OPTIONS.withHandshakeLimit(Duration.ofMillis(50)));
    silent();
    while (hasty.refusals() == 0) {
      assertThat(hasty.accept(Until.after(Duration.ofMillis(100)))).isNull();
    }
    assertThat(visitors.getFirst().hasEnded()).isTrue();
    hasty.close();
  }

  /// Who shakes hands too late for one caller is there for the next.
  @Test
  void latePeerIsTakenByTheNextWhoAccepts() throws Exception {
    ByteStream stream = visit();
    awaitTaken();
    Connection client = Handshake.asClient(stream, OPTIONS, null);
    client.send("late");
    try (Connection connection = accepted()) {
      assertThat(connection.recv()).isEqualTo("late");
    }
  }

  @Test
  void whoDoesNotWaitGetsAConnectionInTheEnd() throws Exception {
    Thread honest = honest();
    Awaitility.await()
        .atMost(Deadlines.MEDIUM)
        .until(() -> {
          try (Connection connection = reception.accept(Until.NOW)) {
            return connection != null && "honest".equals(connection.recv());
          }
        });
    honest.join();
  }

  @Test
  void whoOnlyLooksSeesOneInTheEnd() throws Exception {
    Thread honest = honest();
    Awaitility.await().atMost(Deadlines.MEDIUM).until(reception::isReady);
    try (Connection connection = requireNonNull(reception.accept(Until.NOW))) {
      assertThat(connection.recv()).isEqualTo("honest");
    }
    honest.join();
  }

  @Test
  void latePeerThatNobodyTakesIsClosedWithTheRest() throws Exception {
    ByteStream stream = visit();
    awaitTaken();
    Connection client = Handshake.asClient(stream, OPTIONS, null);
    Awaitility.await().until(reception::isReady);
    assertThat(visitors.getFirst().hasEnded()).isFalse();
    reception.close();
    assertThatExceptionOfType(EOFException.class).isThrownBy(client::recvBytes);
  }

  @Test
  void nobodyIsLetInUnlessWanted() throws Exception {
    silent();
    assertThat(reception.refusals()).isZero();
    assertThat(street.streams).hasSize(1);
    awaitTaken();
    Awaitility.await().until(() -> street.waiting.get() == 0);
    silent();
    Awaitility.await()
        .during(Deadlines.SHORT)
        .atMost(Deadlines.MEDIUM)
        .until(() -> street.streams.size() == 1);
  }

  @Test
  void watchersAreToldOfWhoIsThere() throws Exception {
    var rings = new LinkedBlockingQueue<Object>();
    reception.watch(rings::add);
    assertThat(rings.poll(10, TimeUnit.MILLISECONDS)).isNull();
    Thread honest = honest();
    assertThat(rings.poll(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
    assertThat(reception.isReady()).isTrue();
    honest.join();
  }

  @Test
  void failureOfTheSocketReachesOneCallerAndPasses() throws Exception {
    street.failure = new IOException("out of descriptors");
    assertThatIOException()
        .isThrownBy(() -> reception.accept(soon()))
        .withMessage("out of descriptors");
    Thread honest = honest();
    try (Connection connection = accepted()) {
      assertThat(connection.isClosed()).isFalse();
    }
    honest.join();
  }

  /// As when there is no memory.
  @Test
  void failureThatCannotBeToldCostsOneCallerOnly() throws Exception {
    street.error =
        new Error() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    assertThatIOException()
        .isThrownBy(() -> reception.accept(soon()))
        .withMessageContaining("no memory");
    Thread honest = honest();
    try (Connection connection = accepted()) {
      assertThat(connection.isClosed()).isFalse();
    }
    honest.join();
  }

  @Test
  void shortageCostsTheOldestFirst() throws Exception {
    silent();
    awaitTaken();
    Awaitility.await().until(() -> street.waiting.get() == 0); // else honest comes first
    street.failure = new IOException("Too many open files");
    Thread honest = honest();
    try (Connection connection = accepted()) {
      assertThat(connection.isClosed()).isFalse();
    }
    honest.join();
    assertThat(visitors.getFirst().hasEnded()).isTrue();
  }

  @Test
  void closeEndsCallersAndStreams() throws Exception {
    silent();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                reception.accept(Until.FOREVER);
              } catch (ClosedChannelException _) {
                return;
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Awaitility.await().until(street.streams::isEmpty);
    reception.close();
    assertThat(caller.join(Deadlines.MEDIUM)).isTrue();
    Awaitility.await().until(() -> visitors.getFirst().hasEnded());
  }

  private Connection accepted() throws Exception {
    return requireNonNull(reception.accept(soon()), "no connection in time");
  }

  /// Accepts until the doorman has taken who is there, though nobody has shaken hands.
  private void awaitTaken() throws Exception {
    do {
      assertThat(reception.accept(Until.after(Duration.ofMillis(20)))).isNull();
    } while (!street.streams.isEmpty());
  }

  private void silent() {
    visit();
  }

  private Thread honest() {
    ByteStream stream = visit();
    return Thread.ofVirtual()
        .start(() -> {
          try {
            Handshake.asClient(stream, OPTIONS, null).send("honest");
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private ByteStream visit() {
    List<PipedStream> ends = PipedStream.pair();
    visitors.add(ends.get(0));
    street.streams.add(ends.get(1));
    return ends.get(0);
  }

  private static long soon() {
    return Until.after(Deadlines.LONG);
  }
}
