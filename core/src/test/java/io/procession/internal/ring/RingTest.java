package io.procession.internal.ring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing.Outcome;
import io.procession.serial.ByteSink;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("platforms")
class RingTest {
  private static final RingLimits UNBOUNDED =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW);
  private static final RingLimits SMALL_PIPE =
      new RingLimits(RingLimits.UNBOUNDED, 128 << 10, RingLimits.AtLimit.WAIT);

  private final Session session = Session.current();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("ring-test").factory());
  private final List<MessageRing> rings = new ArrayList<>();
  private int units;
  private int cells;

  @BeforeEach
  void count() {
    units = session.units().inUse();
    cells = session.directory().inUse();
  }

  @AfterEach
  void everythingIsGivenBack() {
    rings.forEach(MessageRing::destroy);
    threads.shutdownNow();
    threads.close();
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
  }

  private MessageRing ring(RingLimits limits) {
    MessageRing ring = MessageRing.create(session, CellKind.QUEUE, "ring", limits, false);
    rings.add(ring);
    return ring;
  }

  private Sleepers sleepers(MessageRing ring, long at) {
    return new Sleepers(
        session,
        ring.ref(),
        at,
        at + 8,
        FailPoint.RING_READERS_CLEARED,
        FailPoint.RING_READERS_MARKED,
        null);
  }

  /// One that was stopped between its last look and its announcement, while the ring was destroyed:
  /// the memory may be another object's.
  @Test
  void sleeperOfADestroyedRingChangesNothing() {
    MessageRing other = ring(UNBOUNDED);
    long at = Units.offset(session.units().allocate(cellOf(other), 1));
    MessageRing gone = ring(UNBOUNDED);
    Sleepers sleepers = sleepers(gone, at);
    for (long word : new long[] {0, 4711, (long) other.ref().mark() << 32}) {
      Words.setLongVolatile(session.memory(), at, word);
      int _ = sleepers.announce();
      sleepers.wake(1, 1);
      assertThat(Words.getLongVolatile(session.memory(), at)).isEqualTo(word);
    }
  }

  /// A waker that found it announced has cleared the mark before it got to sleep. It must not sleep
  /// on, since nobody would wake it for the next message.
  @Test
  void sleeperOnItsWayIsNotForgotten() throws Exception {
    MessageRing ring = ring(UNBOUNDED);
    long at = Units.offset(session.units().allocate(cellOf(ring), 1));
    Sleepers.create(session, ring.ref(), at);
    Sleepers sleepers = sleepers(ring, at);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) { // a busy machine holds up some; one who sleeps does so each time
      int heard = session.waiting().bell();
      int announced = sleepers.announce();
      sleepers.wake(1, 1);
      long before = System.nanoTime();
      sleepers.sleep(announced, heard, Waiting.forever());
      least = Math.min(least, System.nanoTime() - before);
    }
    assertThat(least).isLessThan(Waiting.SLICE_NANOS / 2);
  }

  private static int cellOf(MessageRing ring) {
    return ring.ref().cell();
  }

  @Test
  void memoryLimitMakesWritersWaitForRoom() throws Exception {
    MessageRing ring = ring(SMALL_PIPE);
    byte[] message = new byte[1000];
    int fitting = 0;
    while (put(ring, message) == Outcome.DONE) {
      fitting++;
    }
    assertThat(fitting).isBetween(100, 132);
    Future<Outcome> waiting =
        threads.submit(() -> ring.put(message, 0, message.length, Until.FOREVER));
    for (int i = 0; i < fitting; i++) {
      assertThat(take(ring)).hasSize(1000);
    }
    assertThat(get(waiting)).isEqualTo(Outcome.DONE);
  }

  @Test
  void allWritersThatWaitForMemoryGoOnWhenThereIsRoomForAll() throws Exception {
    MessageRing ring = ring(SMALL_PIPE);
    byte[] message = new byte[1000];
    while (put(ring, message) == Outcome.DONE) {}
    List<Future<Outcome>> writers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      writers.add(threads.submit(() -> ring.put(message, 0, message.length, Until.FOREVER)));
    }
    assertThat(get(writers.getFirst(), Deadlines.SHORT)).isNull(); // by then most of them sleep
    ring.clear();
    for (Future<Outcome> writer : writers) {
      assertThat(get(writer)).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void messageAboveTheMemoryLimitIsSentAndFollowed() throws Exception {
    MessageRing ring = ring(SMALL_PIPE);
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < 3; i++) {
      assertThat(put(ring, large)).isEqualTo(Outcome.DONE);
      assertThat(put(ring, new byte[80_000])).isEqualTo(Outcome.TIMED_OUT);
      assertThat(take(ring)).hasSize(1 << 20);
    }
  }

  @Test
  void throwingRingSaysWhatIsFull() throws Exception {
    MessageRing ring =
        ring(new RingLimits(RingLimits.UNBOUNDED, 1 << 20, RingLimits.AtLimit.THROW));
    byte[] message = new byte[10_000];
    assertThatExceptionOfType(RingFullException.class)
        .isThrownBy(() -> {
          while (true) {
            put(ring, message);
          }
        })
        .withMessageContaining("limit=1048576");
    ByteSink sink = new ByteSink();
    sink.putBytes(message);
    assertThat(ring.offer(sink, System.nanoTime())).isEqualTo(Outcome.TIMED_OUT);
    Future<Outcome> offered = threads.submit(() -> ring.offer(sink, Until.FOREVER));
    ring.clear();
    assertThat(get(offered)).isEqualTo(Outcome.DONE);
  }

  /// Removed messages at the head do not hold memory until somebody takes.
  @Test
  void removedMessagesMakeRoomInMemory() throws Exception {
    MessageRing ring =
        ring(new RingLimits(RingLimits.UNBOUNDED, 1 << 20, RingLimits.AtLimit.THROW));
    byte[] message = new byte[10_000];
    for (int i = 0; i < 1_000; i++) {
      assertThat(put(ring, message)).isEqualTo(Outcome.DONE);
      assertThat(ring.remove(requireNonNull(ring.scan().next()))).isTrue();
    }
    assertThat(ring.size()).isZero();
  }

  @Test
  void removalLetsAWriterGoOn() throws Exception {
    MessageRing ring = ring(new RingLimits(3, 1 << 20, RingLimits.AtLimit.THROW));
    for (int i = 0; i < 3; i++) {
      put(ring, new byte[i]);
    }
    Future<Outcome> waiting = threads.submit(() -> ring.put(new byte[3], 0, 3, Until.FOREVER));
    RingScan scan = ring.scan();
    scan.next();
    assertThat(ring.remove(requireNonNull(scan.next()))).isTrue();
    assertThat(get(waiting)).isEqualTo(Outcome.DONE);
    assertThat(take(ring)).isEmpty();
    assertThat(take(ring)).hasSize(2);
    assertThat(take(ring)).hasSize(3);
  }

  @Test
  void scanPassesOverWhatIsTakenMeanwhile() throws Exception {
    MessageRing ring = ring(UNBOUNDED);
    for (int i = 0; i < 1_000; i++) {
      put(ring, new byte[i]);
    }
    RingScan scan = ring.scan();
    assertThat(requireNonNull(scan.next(1)).bytes()).isEmpty();
    for (int i = 0; i < 990; i++) {
      take(ring);
    }
    put(ring, new byte[5_000]);
    assertThat(requireNonNull(scan.next(1)).bytes()).hasSize(990);
    ring.clear();
    assertThat(scan.next()).isNull();
  }

  @Test
  void destructionEndsWaits() throws Exception {
    MessageRing ring = ring(new RingLimits(1, 1 << 20, RingLimits.AtLimit.THROW));
    Future<byte[]> reader = threads.submit(() -> ring.take(Until.FOREVER));
    MessageRing other = ring(new RingLimits(1, 1 << 20, RingLimits.AtLimit.THROW));
    put(other, new byte[1]);
    Future<Outcome> writer = threads.submit(() -> other.put(new byte[1], 0, 1, Until.FOREVER));
    ring.destroy();
    other.destroy();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(reader))
        .withMessageContaining("destroyed");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(writer))
        .withMessageContaining("destroyed");
    assertThatIllegalStateException().isThrownBy(ring::size);
  }

  /// Whoever is at work on a ring that is destroyed leaves before its memory goes to another.
  @Test
  void destructionInTheMidstOfTrafficTouchesNothingElse() throws Exception {
    for (int round = 0; round < 50; round++) {
      MessageRing ring = MessageRing.create(session, CellKind.QUEUE, "short", UNBOUNDED, false);
      List<Future<?>> users = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        users.add(
            threads.submit(() -> {
              while (true) {
                put(ring, new byte[20_000]);
              }
            }));
        users.add(
            threads.submit(() -> {
              while (true) {
                take(ring);
              }
            }));
      }
      while (ring.appended() < 20) {
        Thread.onSpinWait();
      }
      ring.destroy();
      for (Future<?> user : users) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> get(user))
            .withMessageContaining("destroyed");
      }
      assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    }
  }

  @Test
  void interruptEndsAWaitAndTakesNothing() throws Exception {
    MessageRing ring = ring(UNBOUNDED);
    Future<byte[]> reader = threads.submit(() -> ring.take(Until.FOREVER));
    threads.shutdownNow();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(reader))
        .withCauseInstanceOf(InterruptedException.class);
    put(ring, new byte[3]);
    assertThat(take(ring)).hasSize(3);
  }

  @Test
  void ringThatIsAbandonedByItsWritersEnds() throws Exception {
    MessageRing ring = MessageRing.create(session, CellKind.PIPE, "pipe", UNBOUNDED, true);
    ring.writers().openOwn();
    ring.readers().openOwn();
    put(ring, new byte[3]);
    Future<byte[]> second =
        threads.submit(() -> {
          ring.take(Until.FOREVER);
          return ring.take(Until.FOREVER);
        });
    assertThat(ring.writers().isAbandoned()).isFalse();
    ring.writers().close();
    assertThat(ring.writers().isAbandoned()).isTrue();
    assertThat(get(second)).isSameAs(MessageRing.ENDED);
    ring.readers().close();
    assertThat(ring.isThere()).isFalse();
  }

  private static Outcome put(MessageRing ring, byte[] message) throws InterruptedException {
    return ring.put(message, 0, message.length, System.nanoTime());
  }

  private static byte @Nullable [] take(MessageRing ring) throws InterruptedException {
    return ring.take(System.nanoTime());
  }

  /// The result, or null if it is not there in time.
  private static <T> @Nullable T get(Future<T> future, Duration limit) throws Exception {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// A process that was stopped while it took a message has the lock for as long as it is.
  @Test
  void readerThatIsStoppedKeepsNobodyWaitingWhoDoesNotWantTo() throws Exception {
    MessageRing ring = ring(UNBOUNDED);
    assertThat(ring.takeBy(System.nanoTime())).isNull();
    ring.put(new byte[] {1}, 0, 1, Until.FOREVER);
    long control = Units.offset(ControlBlock.find(session, ring.ref(), CellKind.QUEUE));
    LockWord lock = LockWord.attach(session, ring.ref(), control + RingLayout.READER_LOCK_AT);
    lock.acquireUninterruptibly();
    try {
      assertThat(threads.submit(() -> ring.takeBy(System.nanoTime())).get())
          .isSameAs(MessageRing.LOCKED);
    } finally {
      lock.release();
    }
    assertThat(threads.submit(() -> ring.takeBy(System.nanoTime())).get()).containsExactly(1);
  }

  /// One that was stopped while it appended a message, likewise.
  @Test
  void writerThatIsStoppedKeepsNobodyWaitingWhoDoesNotWantTo() throws Exception {
    MessageRing ring = ring(UNBOUNDED);
    long control = Units.offset(ControlBlock.find(session, ring.ref(), CellKind.QUEUE));
    LockWord lock = LockWord.attach(session, ring.ref(), control + RingLayout.WRITER_LOCK_AT);
    byte[] message = {1};
    lock.acquireUninterruptibly();
    try {
      assertThat(threads.submit(() -> ring.putBy(message, System.nanoTime())).get()).isFalse();
    } finally {
      lock.release();
    }
    assertThat(ring.takeBy(System.nanoTime())).isNull();
    assertThat(threads.submit(() -> ring.putBy(message, System.nanoTime())).get()).isTrue();
    assertThat(ring.takeBy(System.nanoTime())).containsExactly(1);
  }
}
