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
import io.procession.connection.Connection;
import io.procession.queue.SharedQueue;
import java.util.List;

/// Messages through a queue.
final class QueueWorkloads {
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
            AeronIpc.side()),
        Workload.of(
            "queue_256B_2p2c",
            "msg/s",
            Better.HIGHER,
            10,
            "two children put 256-character strings on one queue, two others take them",
            Side.of(Side.PROCESSION, QueueWorkloads::twoToTwo),
            JdkThreads.queueOfMany(Units.MESSAGE, Units.LARGEST_ROUND)));
  }

  private static double oneToOne(Effort effort) throws Exception {
    try (SharedQueue<String> queue = Procession.queue();
        var putter = Child.start("putter", orders -> put(orders, queue));
        var taker = Child.start("taker", orders -> take(orders, queue))) {
      return Rounds.rate(
          effort,
          Units.LARGEST_ROUND,
          size -> {
            taker.order(size);
            putter.order(size);
            Object _ = taker.answer();
          });
    }
  }

  private static double twoToTwo(Effort effort) throws Exception {
    try (SharedQueue<String> queue = Procession.queue();
        var putter = Child.start("putter", orders -> put(orders, queue));
        var putterToo = Child.start("putter-2", orders -> put(orders, queue));
        var taker = Child.start("taker", orders -> take(orders, queue));
        var takerToo = Child.start("taker-2", orders -> take(orders, queue))) {
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

  private static void put(Connection orders, SharedQueue<String> queue) throws Exception {
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        queue.put(Units.MESSAGE);
      }
    }
  }

  private static void take(Connection orders, SharedQueue<String> queue) throws Exception {
    for (long size = Child.next(orders); size != Child.END; size = Child.next(orders)) {
      for (long i = 0; i < size; i++) {
        String _ = queue.take();
      }
      orders.send(size);
    }
  }
}
