package io.procession.benchmarks.workloads;

import static java.util.Objects.requireNonNull;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.connection.Connection;
import io.procession.manager.SyncManager;
import io.procession.shared.SharedValue;
import io.procession.sync.LockCondition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;

/// Calls of objects of a manager, from the process that started it.
final class ManagerWorkloads {
  private static final int ELEMENTS = 1_000;

  private ManagerWorkloads() {}

  /// What is measured of a manager.
  @FunctionalInterface
  private interface Managed {
    double measure(SyncManager manager, Effort effort) throws Exception;
  }

  static List<Workload> all() {
    var all = new ArrayList<Workload>();
    for (boolean isOverTcp : new boolean[] {false, true}) {
      String suffix = isOverTcp ? "_tcp" : "";
      String where = isOverTcp ? ", over TCP on this machine" : "";
      Map<String, Row> rows = rows();
      rows.forEach((name, row) ->
          all.add(
              Workload.of(
                  name + suffix,
                  row.unit,
                  Better.HIGHER,
                  5,
                  row.what + where,
                  Side.of(
                      Side.PROCESSION,
                      effort -> {
                        try (ManagerPlace place = ManagerPlace.open(isOverTcp)) {
                          return row.managed.measure(place.manager(), effort);
                        }
                      }))));
    }
    return all;
  }

  private record Row(String unit, String what, Managed managed) {}

  private static Map<String, Row> rows() {
    var rows = new LinkedHashMap<String, Row>();
    rows.put(
        "manager_queue_256B",
        new Row(
            "msg/s",
            "put and get of a 256-character string on a managed queue, one caller",
            ManagerWorkloads::queue));
    rows.put(
        "manager_lock",
        new Row(
            "pair/s",
            "acquire and release of a managed lock that nobody else wants",
            (manager, effort) -> lock(manager.lock(), effort)));
    rows.put(
        "manager_rlock",
        new Row(
            "pair/s",
            "acquire and release of a managed reentrant lock that nobody else wants",
            (manager, effort) -> lock(manager.reentrantLock(), effort)));
    rows.put(
        "manager_condition_pingpong",
        new Row(
            "wait/s",
            "two processes take turns by a managed condition",
            ManagerWorkloads::pingPong));
    rows.put(
        "manager_list_get",
        new Row(
            "get/s",
            "reads of an element of a managed list, one caller",
            ManagerWorkloads::listGet));
    rows.put(
        "manager_dict_call",
        new Row(
            "call/s",
            "alternating put and get on a managed map, one caller",
            ManagerWorkloads::mapCall));
    return rows;
  }

  /// Gets of a managed map by so many callers at a time, each with a connection of its own.
  static Workload clients(int callers) {
    return Workload.reported(
        "manager_clients_" + callers,
        "call/s",
        Better.HIGHER,
        "gets of a managed map over TCP, by " + callers + " threads of up to 4 processes",
        Side.of(Side.PROCESSION, effort -> clients(effort, callers)));
  }

  private static double clients(Effort effort, int callers) throws Exception {
    try (ManagerPlace place = ManagerPlace.open(true)) {
      ConcurrentMap<String, Integer> map = place.manager().map(Map.of("key", 1));
      try (Children children =
          Children.start("clients", callers, (orders, threads) -> call(orders, map, threads))) {
        return Rounds.rateFrom(
            effort.shared(children.count() + 1), // and the server
            callers,
            size -> {
              long each = size / callers;
              double done = children.sum(each);
              if (done != each * callers) {
                throw new AssertionError("calls: " + done);
              }
            });
      }
    }
  }

  private static void call(Connection orders, ConcurrentMap<String, Integer> map, int threads)
      throws Exception {
    for (long calls = Child.next(orders); calls != Child.END; calls = Child.next(orders)) {
      long each = calls;
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        var done = new ArrayList<Future<Long>>();
        for (int i = 0; i < threads; i++) {
          done.add(
              callers.submit(() -> {
                long sum = 0;
                for (long call = 0; call < each; call++) {
                  sum += requireNonNull(map.get("key"));
                }
                return sum;
              }));
        }
        long sum = 0;
        for (Future<Long> one : done) {
          sum += one.get();
        }
        orders.send((double) sum);
      }
    }
  }

  private static double queue(SyncManager manager, Effort effort) throws Exception {
    String message = "x".repeat(256);
    BlockingQueue<String> queue = manager.queue();
    return Rounds.rate(
        effort,
        size -> {
          for (long i = 0; i < size; i++) {
            queue.put(message);
            String _ = queue.take();
          }
        });
  }

  @SuppressWarnings("LockNotBeforeTry") // nothing happens between
  private static double lock(Lock lock, Effort effort) throws Exception {
    return Rounds.rate(
        effort,
        size -> {
          for (long i = 0; i < size; i++) {
            lock.lock();
            lock.unlock();
          }
        });
  }

  private static double listGet(SyncManager manager, Effort effort) throws Exception {
    List<Integer> list = manager.list(Collections.nCopies(ELEMENTS, 1));
    return Rounds.rate(
        effort,
        size -> {
          long sum = 0;
          for (long i = 0; i < size; i++) {
            sum += list.get((int) (i % ELEMENTS));
          }
          if (sum != size) {
            throw new AssertionError("sum of ones: " + sum);
          }
        });
  }

  private static double mapCall(SyncManager manager, Effort effort) throws Exception {
    ConcurrentMap<String, Integer> map = manager.map();
    return Rounds.rate(
        effort,
        size -> {
          for (long i = 0; i < size; i += 2) {
            map.put("key", 1);
            Integer _ = map.get("key");
          }
        });
  }

  private static double pingPong(SyncManager manager, Effort effort) throws Exception {
    try (SharedValue<Integer> turn = Procession.rawValue(0)) {
      LockCondition turned = manager.condition();
      Lock lock = turned.lock();
      try (var first = Child.start("first", orders -> takeTurns(orders, lock, turned, turn, 0));
          var second = Child.start("second", orders -> takeTurns(orders, lock, turned, turn, 1))) {
        return Rounds.rate(
            effort,
            size -> {
              first.order(size / 2);
              second.order(size / 2);
              double _ = first.figure() + second.figure();
            });
      }
    }
  }

  private static void takeTurns(
      Connection orders, Lock lock, LockCondition turned, SharedValue<Integer> turn, int mine)
      throws Exception {
    for (long turns = Child.next(orders); turns != Child.END; turns = Child.next(orders)) {
      for (long i = 0; i < turns; i++) {
        lock.lock();
        try {
          while (turn.get() != mine) {
            turned.await();
          }
          turn.set(1 - mine);
          turned.signal();
        } finally {
          lock.unlock();
        }
      }
      orders.send((double) turns);
    }
  }
}
