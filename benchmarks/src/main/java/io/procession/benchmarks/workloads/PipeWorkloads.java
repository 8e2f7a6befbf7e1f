package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.AeronIpc;
import io.procession.benchmarks.peers.AgronaRing;
import io.procession.benchmarks.peers.UnixSocket;
import io.procession.connection.Connection;
import java.util.List;

/// Messages through a pipe.
final class PipeWorkloads {
  private static final int ECHO = 64;
  private static final int LARGE = 1 << 20;
  private static final long LARGEST_ROUND = 20_000;

  private PipeWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "pipe_256B",
            "msg/s",
            Better.HIGHER,
            10,
            "a child sends 256-character strings through a pipe",
            Side.of(Side.PROCESSION, PipeWorkloads::strings),
            UnixSocket.messages()),
        Workload.of(
            "pipe_1MiB",
            "GB/s",
            Better.HIGHER,
            5,
            "a child sends byte messages of 1 MiB through a pipe",
            Side.of(Side.PROCESSION, PipeWorkloads::large),
            AgronaRing.large(LARGE),
            AeronIpc.large(LARGE),
            UnixSocket.large(LARGE)),
        roundTrip("pipe_roundtrip_p50", 4, 0.50, "half of the round trips"),
        roundTrip("pipe_roundtrip_p99", 2, 0.99, "99 of 100 round trips"));
  }

  private static Workload roundTrip(String name, double goal, double fraction, String share) {
    return Workload.of(
        name,
        "us",
        Better.LOWER,
        goal,
        "a child echoes 64 bytes through a duplex pipe: " + share + " take no longer",
        Side.of(Side.PROCESSION, effort -> roundTrip(effort, fraction) / Units.NANOS_PER_MICRO),
        UnixSocket.roundTrip(fraction, Units.NANOS_PER_MICRO));
  }

  private static double strings(Effort effort) throws Exception {
    try (var sender = Child.start("sender", PipeWorkloads::send)) {
      return Rounds.rate(effort, Units.LARGEST_ROUND, size -> receive(sender, size));
    }
  }

  private static double large(Effort effort) throws Exception {
    try (var sender = Child.start("sender", PipeWorkloads::sendLarge)) {
      Connection connection = sender.connection();
      double messages =
          Rounds.rate(
              effort,
              LARGEST_ROUND,
              size -> {
                sender.order(size);
                for (long i = 0; i < size; i++) {
                  byte[] _ = connection.recvBytes();
                }
              });
      return messages * LARGE / Units.BYTES_PER_GIGABYTE;
    }
  }

  private static void sendLarge(Connection orders) throws Exception {
    var message = new byte[LARGE];
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        orders.sendBytes(message);
      }
    }
  }

  private static void receive(Child sender, long size) throws Exception {
    Connection connection = sender.connection();
    sender.order(size);
    for (long i = 0; i < size; i++) {
      Object _ = connection.recv();
    }
  }

  private static void send(Connection orders) throws Exception {
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        orders.send(Units.MESSAGE);
      }
    }
  }

  private static double roundTrip(Effort effort, double fraction) throws Exception {
    var message = new byte[ECHO];
    try (var echo = Child.start("echo", PipeWorkloads::echo)) {
      Connection connection = echo.connection();
      double nanos =
          Latencies.percentile(
              effort,
              fraction,
              100,
              () -> {
                connection.sendBytes(message);
                byte[] _ = connection.recvBytes();
              });
      connection.sendBytes(new byte[0]);
      return nanos;
    }
  }

  private static void echo(Connection connection) throws Exception {
    byte[] message = connection.recvBytes();
    while (message.length > 0) {
      connection.sendBytes(message);
      message = connection.recvBytes();
    }
    long _ = Child.next(connection);
  }
}
