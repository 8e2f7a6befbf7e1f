package io.procession.internal.posix;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Both kinds of sockets, over each family.
class SocketsTest {
  private static final long FOREVER = Until.FOREVER;
  private static final long NOW = Until.NOW;

  @TempDir static Path folder;
  private static int names;

  /// As folders of users mostly are.
  @BeforeAll
  static void letOthersIn() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Stream<Arguments> kinds() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (Sockets sockets : List.of(NativeSockets.INSTANCE, PortableSockets.INSTANCE)) {
      all.add(Arguments.of(sockets, new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0)));
      all.add(Arguments.of(sockets, new SocketName.Inet(Inet6Address.ofLiteral("::1"), 0)));
      all.add(Arguments.of(sockets, new SocketName.Local(folder + "/" + names++)));
    }
    all.add(
        Arguments.of(
            NativeSockets.INSTANCE,
            new SocketName.Local("\0procession-test-" + ProcessHandle.current().pid())));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesGoBothWaysUpToTheEndOfTheStream(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      byte[] bytes = new byte[1 << 20];
      new Random(1).nextBytes(bytes);
      for (boolean direct : new boolean[] {false, true}) {
        CompletableFuture<Void> writer =
            inBackground(() -> {
              ByteBuffer source = direct ? ByteBuffer.allocateDirect(1 << 20) : null;
              source = source != null ? source.put(bytes).flip() : ByteBuffer.wrap(bytes);
              pair.client.write(source, FOREVER);
            });
        ByteBuffer target =
            direct ? ByteBuffer.allocateDirect(1 << 20) : ByteBuffer.allocate(1 << 20);
        while (target.hasRemaining()) {
          assertThat(pair.server.read(target, FOREVER)).isPositive();
        }
        writer.get();
        byte[] got = new byte[1 << 20];
        target.flip().get(got);
        assertThat(got).isEqualTo(bytes);
      }
      pair.server.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), FOREVER);
      assertThat(pair.client.awaitReadable(FOREVER)).isTrue();
      assertThat(pair.client.read(ByteBuffer.allocate(2), FOREVER)).isPositive();
      pair.server.close();
      ByteBuffer rest = ByteBuffer.allocate(10);
      while (pair.client.read(rest, FOREVER) >= 0) {
        assertThat(rest.position()).isLessThan(3);
      }
      assertThat(pair.client.isReadable()).as("the end of the stream is there").isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void endsHaveNames(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      assertThat(pair.client.peerName()).isEqualTo(pair.listening.name());
      assertThat(pair.server.peerName()).isEqualTo(pair.client.localName());
      boolean isLocal = name instanceof SocketName.Local;
      assertThat(pair.server.isOfThisUser()).isEqualTo(isLocal);
      assertThat(pair.client.isOfThisUser()).isEqualTo(isLocal);
      if (pair.listening.name() instanceof SocketName.Inet inet) {
        assertThat(inet.port()).isPositive();
      } else {
        assertThat(pair.listening.name()).isEqualTo(name);
      }
    }
  }

  /// As the kernel tells of its timers (proc_pid_net(5)): 02 is that of probes, in hundredths of a second.
  @ParameterizedTest
  @MethodSource("kinds")
  void otherEndOfASilentConnectionIsLookedFor(Sockets sockets, SocketName name) throws Exception {
    Path table = Path.of("/proc/net/tcp");
    Path wide = Path.of("/proc/net/tcp6"); // the JDK's sockets are there, too
    assumeThat(table).exists();
    assumeThat(wide).exists();
    if (name instanceof SocketName.Local) {
      return; // whose other end the kernel knows
    }
    try (Pair pair = new Pair(sockets, name)) {
      int client = ((SocketName.Inet) pair.client.localName()).port();
      int server = ((SocketName.Inet) pair.server.localName()).port();
      for (String ends : List.of(ends(client, server), ends(server, client))) {
        Pattern row = Pattern.compile(ends + " 01 \\S+ 02:(\\p{XDigit}{8}) ");
        String rows = Files.readString(table) + Files.readString(wide);
        Matcher found = row.matcher(rows);
        assertThat(found.find()).as("%s in%n%s", ends, rows).isTrue();
        assertThat(Integer.parseInt(found.group(1), 16)).isBetween(1, 6000);
      }
    }
  }

  private static String ends(int local, int remote) {
    return String.format(Locale.ROOT, ":%04X \\p{XDigit}+:%04X", local, remote);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void waitsEndAtTheDeadline(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      long soon = System.nanoTime() + Deadlines.SHORT.toNanos();
      assertThat(pair.server.read(ByteBuffer.allocate(1), soon)).isZero();
      assertThat(pair.server.awaitReadable(soon)).isFalse();
      assertThat(pair.server.awaitReadable(NOW)).isFalse();
      assertThat(pair.listening.accept(soon)).isNull();
      assertThat(System.nanoTime() - soon).isNotNegative();
      ByteBuffer much = ByteBuffer.allocate(1 << 26);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> pair.server.write(much, NOW));
      assertThat(much.position()).isBetween(1, much.limit() - 1);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void waitsEndWhenTheSocketIsClosed(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      for (boolean virtual : new boolean[] {false, true}) {
        var reader = waiting(virtual, () -> pair.server.read(ByteBuffer.allocate(1), FOREVER));
        var accepter = waiting(virtual, () -> requireNonNull(pair.listening.accept(FOREVER)));
        if (virtual) {
          pair.server.close();
          pair.listening.close();
          assertThat(failure(reader)).isInstanceOf(AsynchronousCloseException.class);
          assertThat(failure(accepter)).isInstanceOf(AsynchronousCloseException.class);
        } else {
          reader.thread.interrupt();
          accepter.thread.interrupt();
          assertThat(failure(reader)).isInstanceOf(InterruptedException.class);
          assertThat(failure(accepter)).isInstanceOf(InterruptedException.class);
        }
      }
      assertThat(pair.server.isClosed()).isTrue();
      assertThatExceptionOfType(ClosedChannelException.class)
          .isThrownBy(() -> pair.server.read(ByteBuffer.allocate(1), FOREVER));
    }
  }

  /// More than may wait in the kernel themselves: the others wait by the poller, and none is missed.
  @Test
  void manyThreadsWaitEachForASocket() throws Exception {
    SocketName name = new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);
    List<Pair> pairs = new ArrayList<>();
    try {
      List<Waiting<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        Pair pair = new Pair(NativeSockets.INSTANCE, name);
        pairs.add(pair);
        readers.add(waiting(false, () -> pair.server.read(ByteBuffer.allocate(1), FOREVER)));
      }
      for (int i = 0; i < pairs.size(); i++) {
        switch (i % 3) {
          case 0 -> pairs.get(i).client.write(ByteBuffer.allocate(1), FOREVER);
          case 1 -> pairs.get(i).server.close();
          default -> readers.get(i).thread.interrupt();
        }
      }
      for (int i = 0; i < pairs.size(); i++) {
        Waiting<Integer> reader = readers.get(i);
        switch (i % 3) {
          case 0 ->
              assertThat(reader.result.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
                  .isOne();
          case 1 -> assertThat(failure(reader)).isInstanceOf(AsynchronousCloseException.class);
          default -> assertThat(failure(reader)).isInstanceOf(InterruptedException.class);
        }
      }
    } finally {
      for (Pair pair : pairs) {
        pair.close();
      }
    }
  }

  /// An interrupt that comes as the wait ends is neither lost nor taken for one of the next wait.
  @Test
  void interruptsMeetBytes() throws Exception {
    SocketName name = new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (Pair pair = new Pair(NativeSockets.INSTANCE, name)) {
      int rounds = 2_000;
      LinkedBlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
      FutureTask<Integer> reading =
          new FutureTask<>(() -> {
            int interrupts = 0;
            int bytes = 0;
            for (int round = 0; round < rounds; round++) {
              begun.add(round);
              int wanted = interrupts + 1;
              while (interrupts < wanted || bytes <= round) {
                try {
                  bytes += pair.server.read(ByteBuffer.allocate(1), FOREVER);
                  if (bytes > round && interrupts < wanted) { // the interrupt is on its way
                    while (!Thread.interrupted()) {
                      Thread.onSpinWait();
                    }
                    interrupts++;
                  }
                } catch (InterruptedException e) {
                  interrupts++;
                }
              }
            }
            return interrupts;
          });
      Thread reader = Thread.ofPlatform().start(reading);
      for (int round = 0; round < rounds; round++) {
        requireNonNull(begun.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
        if (round % 2 == 0) {
          pair.client.write(ByteBuffer.allocate(1), FOREVER);
          reader.interrupt();
        } else {
          reader.interrupt();
          pair.client.write(ByteBuffer.allocate(1), FOREVER);
        }
      }
      assertThat(reading.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(rounds);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void manyThreadsWaitForOneSocket(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      List<Waiting<StreamSocket>> accepters = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        accepters.add(waiting(i % 2 == 0, () -> requireNonNull(pair.listening.accept(FOREVER))));
      }
      List<StreamSocket> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(sockets.connect(pair.listening.name(), FOREVER));
      }
      for (Waiting<StreamSocket> accepter : accepters) {
        accepter.result.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS).close();
      }
      clients.forEach(StreamSocket::close);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void writingToWhoIsGoneFails(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      pair.client.close();
      assertThatIOException()
          .isThrownBy(() -> {
            while (true) {
              pair.server.write(ByteBuffer.allocate(1 << 16), FOREVER);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void fileIsItsOwnersAlone(Sockets sockets, SocketName name) throws Exception {
    if (name instanceof SocketName.Local local && !local.isAbstract()) {
      ListeningSocket listening = sockets.listen(name, 1);
      try {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(local.path()))))
            .isEqualTo("rw-------");
        assertThatIOException().isThrownBy(() -> sockets.listen(name, 1));
        try (Stream<Path> files = Files.list(folder)) {
          assertThat(files.filter(file -> file.getFileName().toString().startsWith(".p")))
              .isEmpty();
        }
      } finally {
        listening.close();
        Files.delete(Path.of(local.path()));
      }
    }
  }

  @Test
  void clientWaitsForRoomInTheQueueOfAListener() throws Exception {
    SocketName name = new SocketName.Local(folder + "/full");
    for (Sockets sockets : List.of(NativeSockets.INSTANCE, PortableSockets.INSTANCE)) {
      ListeningSocket listening = sockets.listen(name, 1);
      List<StreamSocket> open = new ArrayList<>();
      try {
        long soon = System.nanoTime() + Deadlines.SHORT.toNanos();
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> {
              for (int i = 0; i < 100; i++) {
                open.add(sockets.connect(name, soon));
              }
            });
        var client = waiting(false, () -> sockets.connect(name, FOREVER));
        open.add(requireNonNull(listening.accept(FOREVER)));
        open.add(client.result.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
      } finally {
        open.forEach(StreamSocket::close);
        listening.close();
        Files.delete(folder.resolve("full"));
      }
    }
  }

  @Test
  void descriptorGoesThroughAUnixSocket() throws Exception {
    try (Pair carrier = new Pair(NativeSockets.INSTANCE, new SocketName.Local(folder + "/c"));
        Pair pair =
            new Pair(
                NativeSockets.INSTANCE,
                new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      int from = ((NativeStream) carrier.client).descriptor().enter();
      int to = ((NativeStream) carrier.server).descriptor().enter();
      int passed = ((NativeStream) pair.server).descriptor().enter();
      assertThat(SocketCalls.receiveDescriptor(to).data()).isEqualTo(SocketCalls.WOULD_WAIT);
      assertThat(SocketCalls.sendDescriptor(from, 7, passed)).isTrue();
      assertThat(SocketCalls.sendDescriptor(from, 8, -1)).isTrue();
      SocketCalls.Received first = SocketCalls.receiveDescriptor(to);
      SocketCalls.Received second = SocketCalls.receiveDescriptor(to);
      ((NativeStream) carrier.client).descriptor().exit();
      ((NativeStream) carrier.server).descriptor().exit();
      ((NativeStream) pair.server).descriptor().exit();
      assertThat(first.data()).isEqualTo(7);
      assertThat(second).isEqualTo(new SocketCalls.Received(8, -1));
      StreamSocket copy = NativeStream.of(new Descriptor(first.descriptor()));
      pair.server.close();
      copy.write(ByteBuffer.wrap(new byte[] {5}), FOREVER);
      ByteBuffer target = ByteBuffer.allocate(1);
      assertThat(pair.client.read(target, FOREVER)).isOne();
      assertThat(target.get(0)).isEqualTo((byte) 5);
      copy.close();
      assertThat(pair.client.read(ByteBuffer.allocate(1), FOREVER)).isEqualTo(-1);
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private interface Source<T> {
    T get() throws Exception;
  }

  private record Waiting<T>(Thread thread, FutureTask<T> result) {}

  private static <T> Waiting<T> waiting(boolean virtual, Source<T> action) throws Exception {
    FutureTask<T> task = new FutureTask<>(action::get);
    Thread thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
    while (thread.isAlive() && !isWaiting(thread)) {
      Thread.onSpinWait();
    }
    return new Waiting<>(thread, task);
  }

  /// In Java, or in the kernel.
  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> true;
      case RUNNABLE ->
          Stream.of(thread.getStackTrace())
              .anyMatch(frame -> frame.getClassName().equals(Bell.class.getName()));
      default -> false;
    };
  }

  private static Throwable failure(Waiting<?> waiting) throws Exception {
    try {
      waiting.result.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    }
  }

  private static CompletableFuture<Void> inBackground(Action action) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            action.run();
            result.complete(null);
          } catch (Exception | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /// A listener and the two ends of a stream.
  private static final class Pair implements AutoCloseable {
    final ListeningSocket listening;
    final StreamSocket client;
    final StreamSocket server;

    Pair(Sockets sockets, SocketName name) throws Exception {
      listening = sockets.listen(name, 128);
      client = sockets.connect(listening.name(), FOREVER);
      server = requireNonNull(listening.accept(FOREVER));
    }

    @Override
    public void close() throws IOException {
      listening.close();
      client.close();
      server.close();
      if (listening.name() instanceof SocketName.Local local && !local.isAbstract()) {
        Files.deleteIfExists(Path.of(local.path()));
      }
    }
  }

  /// A look takes nothing away from those who wait, not even from one who comes after it.
  @ParameterizedTest
  @MethodSource("kinds")
  void arrivalThatWasLookedAtIsStillWaitedFor(Sockets sockets, SocketName name) throws Exception {
    try (Pair pair = new Pair(sockets, name)) {
      long late = Until.after(Deadlines.LONG.toNanos());
      StreamSocket another = sockets.connect(pair.listening.name(), late);
      try {
        assertThat(pair.listening.readiness().await(Readiness.READ, late)).isTrue();
        assertThat(pair.listening.isReadable()).isTrue();
        assertThat(pair.listening.readiness().await(Readiness.READ, late)).isTrue();
        requireNonNull(pair.listening.tryAccept()).close();
        assertThat(pair.listening.isReadable()).isFalse();
      } finally {
        another.close();
      }
    }
  }

  /// All waits depend on one thread.
  @ParameterizedTest
  @MethodSource("kinds")
  void errorOfOneWhoIsToldIsNoOthers(Sockets sockets, SocketName name) throws Exception {
    Logger logger = Logger.getLogger(Steadfast.class.getName());
    var told = new LinkedBlockingQueue<Throwable>();
    Filter filter = record -> !told.add(requireNonNull(record.getThrown()));
    try (Pair pair = new Pair(sockets, name)) {
      logger.setFilter(filter);
      pair.server
          .readiness()
          .tell(
              Readiness.READ,
              () -> {
                throw new AssertionError("fails on purpose");
              });
      var other = new CountDownLatch(1);
      pair.server.readiness().tell(Readiness.READ, other::countDown);
      Waiting<Boolean> waiting =
          waiting(true, () -> pair.client.awaitReadable(Until.after(Deadlines.LONG.toNanos())));
      pair.client.write(ByteBuffer.wrap(new byte[] {1}), FOREVER);
      assertThat(other.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      pair.server.write(ByteBuffer.wrap(new byte[] {1}), FOREVER);
      assertThat(waiting.result.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(told.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
          .hasMessage("fails on purpose");
    } finally {
      logger.setFilter(null);
    }
  }

  /// The poller may be about to report something while a descriptor is closed, and its number be
  /// another's by then.
  @Test
  void lateReportOfAClosedDescriptorLeavesTheNextOfItsNumberAlone() throws Exception {
    SocketName name = new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);
    List<Descriptor> others = new ArrayList<>();
    try (Pair pair = new Pair(NativeSockets.INSTANCE, name)) {
      Descriptor original = ((NativeStream) pair.server).descriptor();
      Descriptor closed = original.duplicate();
      int number = closed.enter();
      closed.tell(Readiness.READ, () -> {});
      Thread closer = new Thread(() -> closed.close());
      try {
        synchronized (closed) {
          closer.start();
          while (closer.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait(); // until it counts as closed, and its waiters are not told yet
          }
          closed.exit();
          int known = -1;
          while (known != number) {
            others.add(original.duplicate());
            known = others.getLast().enter();
            others.getLast().exit();
          }
          CountDownLatch told = new CountDownLatch(1);
          others.getLast().tell(Readiness.READ, told::countDown);
          closed.report(Readiness.WRITE);
          pair.client.write(ByteBuffer.wrap(new byte[1]), FOREVER);
          assertThat(told.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        }
      } finally {
        closer.join();
      }
    } finally {
      others.forEach(Descriptor::close);
    }
  }
}
