package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.UnixSocket;
import java.util.List;

/// Messages through a pipe.
final class PipeWorkloads {
  private PipeWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "pipe_256B",
            "msg/s",
            Better.HIGHER,
            10,
            "a child sends 256-character strings through a pipe",
            UnixSocket.messages()),
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
        UnixSocket.roundTrip(fraction, Units.NANOS_PER_MICRO));
  }
}
