package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of peers that mean no good beside honest ones: every honest one is served, and nothing
/// is left of the others. Some of the hostile ones know the key, and begin after authentication.
///
/// How long the honest ones wait is printed; `docs/security.md` has figures. With a number of attacks
/// given (`procession.test.attacks`) it is checked, too, over TCP: the 99th percentile is at most
/// doubled.
@Tag("platforms")
@Timeout(240)
class HostilePeersIT {
  private static final @Nullable Integer ASKED = Integer.getInteger("procession.test.attacks");
  private static final int ATTACKS = ASKED == null ? 2_500 : ASKED;
  private static final List<Attack> KINDS = List.of(Attack.values());
  private static final int ATTACKERS = 64;
  private static final int FIRST = 500;
  private static final int HONEST = ASKED == null ? 300 : 3_000;
  private static final int MOST_KEPT_BYTES = 16 << 20;
  private static final long ASKED_ATTACKS_A_SECOND = 500;
  private static final AuthKey KEY = AuthKey.random();
  private static final ConnectionOptions OPTIONS =
      ConnectionOptions.defaults()
          .withAuthKey(KEY)
          .withHandshakeLimit(Duration.ofSeconds(10))
          .withMaxMessageBytes(1 << 16);

  private static @Nullable SSLContext tls;

  /// Over what they come.
  enum Way {
    TCP(1),
    UNIX(2),
    TLS(25);

    /// For one attack by this way there are so many by TCP.
    private final int weight;

    Way(int weight) {
      this.weight = weight;
    }

    int attacks() {
      return ATTACKS / weight;
    }

    ConnectionOptions options() {
      return this == TLS ? OPTIONS.withTls(requireTls()) : OPTIONS;
    }

    Listener open() throws IOException {
      return this == UNIX
          ? Listener.open(options())
          : Listener.open(Address.tcp("127.0.0.1", 0), options());
    }
  }

  private final AtomicInteger attacks = new AtomicInteger();

  @BeforeAll
  static void makeCertificate(@TempDir Path folder) throws Exception {
    tls = Certificates.context(folder);
  }

  private static SSLContext requireTls() {
    return java.util.Objects.requireNonNull(tls);
  }

  @ParameterizedTest
  @EnumSource
  void honestPeersAreServedAndNothingIsLeft(Way way) throws Exception {
    Future<?> server;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Listener listener = way.open()) {
      server = threads.submit(() -> serve(listener, threads));
      measure(way, listener, HONEST / way.weight);
      attack(way, listener, FIRST / way.weight);
      Awaitility.await().atMost(Deadlines.LONG).until(() -> descriptors() < 1000);
      long[] alone = measure(way, listener, HONEST / way.weight);
      long descriptors = descriptors();
      int platformThreads = ManagementFactory.getThreadMXBean().getThreadCount();
      long memory = memory();

      List<HostileWire> silent = silent(listener);
      Future<?> attacking = threads.submit(() -> attack(way, listener, way.attacks()));
      var amid = new ArrayList<long[]>();
      while (!attacking.isDone()) {
        amid.add(measure(way, listener, 20));
      }
      attacking.get();
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> listener.refusals() > way.attacks() / 2);
      silent.forEach(HostileWire::close);

      report(way, "alone", alone);
      long[] all = amid.stream().flatMapToLong(Arrays::stream).toArray();
      report(way, "amid " + way.attacks() + " attacks", all);
      if (ASKED != null && way == Way.TCP) {
        assertThat(percentile99(all)).isLessThanOrEqualTo(2 * percentile99(alone));
      }
      assertThat(attacks.get()).isEqualTo(FIRST / way.weight + way.attacks());
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 4));
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> {
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
                .isLessThanOrEqualTo(platformThreads + 4);
            assertThat(memory()).isLessThan(memory + MOST_KEPT_BYTES);
          });
    }
    server.get();
  }

  /// One that has gone before it is accepted is no error of the listener's.
  @Test
  void peersThatResetAreNoErrorOfTheListener() throws Exception {
    try (Listener listener = Listener.open(Address.tcp("127.0.0.1", 0))) {
      int port = ((Address.Tcp) listener.address()).port();
      for (int i = 0; i < 5; i++) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
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
  private static @Nullable Void serve(Listener listener, ExecutorService threads)
      throws InterruptedException {
    while (!listener.isClosed()) {
      try {
        Connection accepted = listener.accept();
        threads.execute(() -> echo(accepted));
      } catch (IOException e) {
        // closed
      }
    }
    return null;
  }

  private static void echo(Connection accepted) {
    try (Connection connection = accepted) {
      connection.sendBytes(connection.recvBytes());
    } catch (IOException e) {
      // a peer that left, or that was out of step
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many nanoseconds honest peers took, one after the other, to connect and get an answer.
  private static long[] measure(Way way, Listener listener, int count) throws Exception {
    ConnectionOptions patient = way.options().withHandshakeLimit(Deadlines.LONG);
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      try (Connection connection = Client.connect(listener.address(), patient)) {
        connection.sendBytes(new byte[] {1, 2, 3});
        assertThat(connection.recvBytes()).containsExactly(1, 2, 3);
      }
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static void report(Way way, String when, long[] nanos) {
    Arrays.sort(nanos);
    System.out.println(
        String.format(
            Locale.ROOT,
            "honest peers over %s %s: %d served, median %.1f ms, 99th percentile %.1f ms,"
                + " worst %.1f ms",
            way,
            when,
            nanos.length,
            nanos[nanos.length / 2] / 1e6,
            percentile99(nanos) / 1e6,
            nanos[nanos.length - 1] / 1e6));
  }

  private static long percentile99(long[] sorted) {
    return sorted[sorted.length * 99 / 100];
  }

  /// As many as may be unfinished at a time, who say nothing.
  private static List<HostileWire> silent(Listener listener) throws IOException {
    var wires = new ArrayList<HostileWire>();
    for (int i = 0; i < Reception.MOST_UNFINISHED; i++) {
      wires.add(wire(Way.TCP, listener, false));
    }
    return wires;
  }

  private @Nullable Void attack(Way way, Listener listener, int count) throws Exception {
    var attackers = new ArrayList<Future<?>>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("attacker-", 0).factory())) {
      for (int i = 0; i < ATTACKERS; i++) {
        int first = i;
        attackers.add(threads.submit(() -> attackFrom(way, listener, first, count)));
      }
      for (Future<?> attacker : attackers) {
        attacker.get();
      }
    }
    return null;
  }

  private @Nullable Void attackFrom(Way way, Listener listener, int first, int count) {
    long start = System.nanoTime();
    var random = new Random(first);
    for (int i = first; i < count; i += ATTACKERS) {
      if (ASKED != null) { // a flood that lasts, not all at once
        long due = start + TimeUnit.SECONDS.toNanos(1) * i / ASKED_ATTACKS_A_SECOND;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      Attack attack = KINDS.get(i % KINDS.size());
      boolean isOfAcquaintance = attack.isAlsoOfAcquaintances && random.nextInt(4) == 0;
      boolean hasToListen = isOfAcquaintance || attack == Attack.SENDS_THE_CHALLENGE_BACK;
      boolean speaks = hasToListen || random.nextBoolean();
      try (HostileWire wire = wire(way, listener, speaks)) {
        if (isOfAcquaintance) {
          Connection _ = Handshake.asClient(wire, OPTIONS, null);
        }
        attack.run(wire, random);
      } catch (SocketTimeoutException e) {
        throw new AssertionError(attack + " was not answered", e);
      } catch (IOException e) {
        // thrown out in the midst of it
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      attacks.incrementAndGet();
    }
    return null;
  }

  private static HostileWire wire(Way way, Listener listener, boolean speaksTls)
      throws IOException {
    SSLContext spoken = speaksTls && way == Way.TLS ? requireTls() : null;
    return HostileWire.to(listener.address(), spoken, (int) Deadlines.LONG.toMillis());
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
