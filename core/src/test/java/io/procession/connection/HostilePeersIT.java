package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Thousands of peers that mean no good beside honest ones: every honest one is served, and nothing
/// is left of the others. How long the honest ones wait is printed; `docs/security.md` has figures.
@Tag("platforms")
@Timeout(240)
class HostilePeersIT {
  private static final int ATTACKS = Integer.getInteger("procession.test.attacks", 10_000);
  private static final int ATTACKERS = 64;
  private static final int HONEST = 300;
  private static final int MOST_KEPT_BYTES = 16 << 20;
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final AuthKey KEY = AuthKey.random();
  private static final ConnectionOptions OPTIONS =
      ConnectionOptions.defaults().withAuthKey(KEY).withHandshakeTimeout(Duration.ofSeconds(3));
  private static final ConnectionOptions PATIENT = OPTIONS.withHandshakeTimeout(Deadlines.LONG);

  private final AtomicInteger attacks = new AtomicInteger();

  /// What a hostile peer does.
  private enum Attack {
    LEAVES {
      @Override
      void run(Socket socket, Random random) {}
    },
    RESETS {
      @Override
      void run(Socket socket, Random random) throws IOException {
        socket.setSoLinger(true, 0);
      }
    },
    SENDS_GARBAGE {
      @Override
      void run(Socket socket, Random random) throws IOException {
        byte[] garbage = new byte[random.nextInt(600)];
        random.nextBytes(garbage);
        socket.getOutputStream().write(garbage);
        awaitEnd(socket);
      }
    },
    ANNOUNCES_MUCH {
      @Override
      void run(Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(new byte[] {0x7F, -1, -1, -1, 1, 2, 3});
        awaitEnd(socket);
      }
    },
    ANNOUNCES_MORE {
      @Override
      void run(Socket socket, Random random) throws IOException {
        byte[] header = new byte[12];
        Arrays.fill(header, (byte) -1);
        socket.getOutputStream().write(header);
        awaitEnd(socket);
      }
    },
    SENDS_HALF_A_MESSAGE {
      @Override
      void run(Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(new byte[] {0, 0, 0, 40, 1, 2, 3});
      }
    },
    GUESSES {
      @Override
      void run(Socket socket, Random random) throws IOException {
        byte[] guess = new byte[44];
        random.nextBytes(guess);
        System.arraycopy(new byte[] {0, 0, 0, 40}, 0, guess, 0, 4);
        System.arraycopy(
            "{sha256}".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, guess, 4, 8);
        socket.getOutputStream().write(guess);
        awaitEnd(socket);
      }
    },
    SENDS_THE_CHALLENGE_BACK {
      @Override
      void run(Socket socket, Random random) throws IOException {
        socket.getOutputStream().write(socket.getInputStream().readNBytes(63));
        awaitEnd(socket);
      }
    },
    IS_SLOW {
      @Override
      void run(Socket socket, Random random) throws IOException {
        for (int i = 0; i < 5; i++) {
          socket.getOutputStream().write(0);
          socket.setSoTimeout(20);
          try {
            awaitEnd(socket);
          } catch (java.net.SocketTimeoutException e) {
            // the next byte
          }
        }
      }
    };

    abstract void run(Socket socket, Random random) throws IOException;

    static void awaitEnd(Socket socket) throws IOException {
      byte[] bytes = new byte[256];
      int got = 0;
      while (got >= 0) {
        got = socket.getInputStream().read(bytes);
      }
    }
  }

  @Test
  void honestPeersAreServedAndNothingIsLeft() throws Exception {
    Future<?> server;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Listener listener = Listener.open(Address.tcp("127.0.0.1", 0), OPTIONS)) {
      server = threads.submit(() -> serve(listener));
      InetSocketAddress place = place(listener);
      measure(listener.address(), HONEST);
      attack(place, 500, threads);
      Awaitility.await().atMost(Deadlines.LONG).until(() -> descriptors() < 1000);
      long[] alone = measure(listener.address(), HONEST);
      long descriptors = descriptors();
      int platformThreads = ManagementFactory.getThreadMXBean().getThreadCount();
      long memory = memory();

      List<Socket> silent = silent(place);
      Future<?> attacking = threads.submit(() -> attack(place, ATTACKS, threads));
      var amid = new ArrayList<long[]>();
      while (!attacking.isDone()) {
        amid.add(measure(listener.address(), 50));
      }
      attacking.get();
      long refusals = listener.refusals();
      for (Socket socket : silent) {
        socket.close();
      }

      report("alone", alone);
      report("amid " + ATTACKS + " attacks", amid.stream().flatMapToLong(Arrays::stream).toArray());
      assertThat(attacks.get()).isEqualTo(500 + ATTACKS);
      assertThat(refusals).isGreaterThan(ATTACKS / 2);
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 4));
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThanOrEqualTo(platformThreads + 4);
      assertThat(memory()).isLessThan(memory + MOST_KEPT_BYTES);
    }
    server.get();
  }

  /// One that has gone before it is accepted is no error of the listener's.
  @Test
  void peersThatResetAreNoErrorOfTheListener() throws Exception {
    try (Listener listener = Listener.open(Address.tcp("127.0.0.1", 0))) {
      for (int i = 0; i < 5; i++) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), place(listener).getPort())) {
          socket.setSoLinger(true, 0);
        }
      }
      try (Connection honest = Client.connect(listener.address())) {
        honest.sendBytes(new byte[] {1});
        byte[] message = null;
        while (message == null) {
          Connection accepted = listener.accept();
          try (accepted) {
            message = accepted.recvBytes();
          } catch (IOException e) {
            // accepted before the reset was known
          }
        }
        assertThat(message).containsExactly(1);
      }
    }
  }

  /// Sends back one message to everybody who is accepted.
  private static @Nullable Void serve(Listener listener) throws InterruptedException {
    while (!listener.isClosed()) {
      try (Connection connection = listener.accept()) {
        connection.sendBytes(connection.recvBytes());
      } catch (IOException e) {
        // closed, or a peer that left
      }
    }
    return null;
  }

  /// How many nanoseconds honest peers took, one after the other, to connect and get an answer.
  private static long[] measure(Address address, int count) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      try (Connection connection = Client.connect(address, PATIENT)) {
        connection.sendBytes(new byte[] {1, 2, 3});
        assertThat(connection.recvBytes()).containsExactly(1, 2, 3);
      }
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static void report(String when, long[] nanos) {
    Arrays.sort(nanos);
    System.out.println(
        String.format(
            Locale.ROOT,
            "honest peers %s: %d served, median %.1f ms, 99th percentile %.1f ms, worst %.1f ms",
            when,
            nanos.length,
            nanos[nanos.length / 2] / 1e6,
            nanos[nanos.length * 99 / 100] / 1e6,
            nanos[nanos.length - 1] / 1e6));
  }

  /// As many as may be unfinished at a time, who say nothing.
  private static List<Socket> silent(InetSocketAddress place) throws IOException {
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < Reception.MOST_UNFINISHED; i++) {
      sockets.add(new Socket(place.getAddress(), place.getPort()));
    }
    return sockets;
  }

  private @Nullable Void attack(InetSocketAddress place, int count, ExecutorService threads)
      throws Exception {
    var attackers = new ArrayList<Future<?>>();
    for (int i = 0; i < ATTACKERS; i++) {
      int first = i;
      attackers.add(threads.submit(() -> attackFrom(place, first, count)));
    }
    for (Future<?> attacker : attackers) {
      attacker.get();
    }
    return null;
  }

  private @Nullable Void attackFrom(InetSocketAddress place, int first, int count)
      throws InterruptedException {
    var random = new Random(first);
    for (int i = first; i < count; i += ATTACKERS) {
      Attack attack = Attack.values()[i % Attack.values().length];
      try (var socket = new Socket()) {
        socket.connect(place, (int) Deadlines.LONG.toMillis());
        socket.setSoTimeout((int) Deadlines.LONG.toMillis());
        attack.run(socket, random);
      } catch (SocketException e) {
        // thrown out in the midst of it
      } catch (IOException e) {
        throw new AssertionError(attack + " was not answered", e);
      }
      attacks.incrementAndGet();
      Thread.sleep(PAUSE); // the machine has other work, too
    }
    return null;
  }

  private static InetSocketAddress place(Listener listener) {
    int port = ((Address.Tcp) listener.address()).port();
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private static long memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
