package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.AeronIpc;
import io.procession.benchmarks.peers.AgronaRing;
import io.procession.benchmarks.peers.JdkThreads;
import io.procession.benchmarks.peers.UnixSocket;
import io.procession.connection.Connection;
import io.procession.queue.SharedQueue;
import io.procession.queue.SimpleQueue;
import java.util.List;
import java.util.concurrent.Callable;

/// Messages through a queue.
final class QueueWorkloads {
  /// What the names of the workloads of [#payload] begin with.
  static final String PAYLOAD = "queue_payload_";

  private static final long LARGEST_ROUND_BYTES = 256 << 20;

  private QueueWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "queue_256B_1p1c",
            "msg/s",
            Better.HIGHER,
            25,
            "a child puts 256-character strings on a queue, another takes them",
            Side.of(Side.PROCESSION, QueueWorkloads::oneToOne),
            JdkThreads.queue(Units.MESSAGE, Units.LARGEST_ROUND),
            AgronaRing.side(),
            AeronIpc.side(),
            UnixSocket.messages()),
        Workload.of(
            "queue_256B_2p2c",
            "msg/s",
            Better.HIGHER,
            10,
            "two children put 256-character strings on one queue, two others take them",
            Side.of(Side.PROCESSION, QueueWorkloads::twoToTwo),
            JdkThreads.queueOfMany(Units.MESSAGE, Units.LARGEST_ROUND)),
        Workload.of(
            "simplequeue_256B_1p1c",
            "msg/s",
            Better.HIGHER,
            15,
            "a child puts 256-character strings on a simple queue, another takes them",
            Side.of(Side.PROCESSION, QueueWorkloads::simple)));
  }

  /// Byte arrays of one length through a queue, for the plot of how throughput goes with it.
  static Workload payload(int bytes) {
    return Workload.reported(
        PAYLOAD + bytes,
        "GB/s",
        Better.HIGHER,
        "a child puts byte arrays of " + bytes + " bytes on a queue, another takes them",
        Side.of(Side.PROCESSION, effort -> payload(effort, bytes)));
  }

  private static double payload(Effort effort, int bytes) throws Exception {
    long largest = Math.clamp(LARGEST_ROUND_BYTES / bytes, 4, Units.LARGEST_ROUND);
    try (SharedQueue<byte[]> queue = Procession.queue();
        var putter = Child.start("putter", orders -> put(orders, queue::put, new byte[bytes]));
        var taker = Child.start("taker", orders -> take(orders, queue::take))) {
      return passed(effort, largest, putter, taker) * bytes / Units.BYTES_PER_GIGABYTE;
    }
  }

  private static double simple(Effort effort) throws Exception {
    try (SimpleQueue<String> queue = Procession.simpleQueue();
        var putter = Child.start("putter", orders -> put(orders, queue::put, Units.MESSAGE));
        var taker = Child.start("taker", orders -> take(orders, queue::take))) {
      return passed(effort, Units.LARGEST_ROUND, putter, taker);
    }
  }

  private static double oneToOne(Effort effort) throws Exception {
    try (SharedQueue<String> queue = Procession.queue();
        var putter = Child.start("putter", orders -> put(orders, queue::put, Units.MESSAGE));
        var taker = Child.start("taker", orders -> take(orders, queue::take))) {
      return passed(effort, Units.LARGEST_ROUND, putter, taker);
    }
  }

  /// Messages a second from one child to the other.
  private static double passed(Effort effort, long largest, Child putter, Child taker)
      throws Exception {
    return Rounds.rate(
        effort,
        largest,
        size -> {
          taker.order(size);
          putter.order(size);
          Object _ = taker.answer();
        });
  }

  private static double twoToTwo(Effort effort) throws Exception {
    try (SharedQueue<String> queue = Procession.queue();
        var putter = Child.start("putter", orders -> put(orders, queue::put, Units.MESSAGE));
        var putterToo = Child.start("putter-2", orders -> put(orders, queue::put, Units.MESSAGE));
        var taker = Child.start("taker", orders -> take(orders, queue::take));
        var takerToo = Child.start("taker-2", orders -> take(orders, queue::take))) {
      return Rounds.rate(
          effort,
          Units.LARGEST_ROUND,
          size -> {
            long half = size / 2;
            taker.order(half);
            takerToo.order(size - half);
            putter.order(half);
            putterToo.order(size - half);
            Object _ = taker.answer();
            Object _ = takerToo.answer();
          });
    }
  }

  /// Puts a message on a queue.
  @FunctionalInterface
  private interface Putting<E> {
    void put(E message) throws Exception;
  }

  private static <E> void put(Connection orders, Putting<E> queue, E message) throws Exception {
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        queue.put(message);
      }
    }
  }

  private static void take(Connection orders, Callable<?> taking) throws Exception {
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        Object _ = taking.call();
      }
      orders.send(size);
    }
  }
}
