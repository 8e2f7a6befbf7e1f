package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.manager.BaseManager;
import io.procession.manager.BaseProxy;
import io.procession.manager.ManagedType;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SyncManager;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.sync.Event;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.function.BinaryOperator;

/// Objects in a server process, and proxies of them.
public final class Managers {
  private Managers() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Managers::first);
    Part.of("nested", Managers::nested);
    Part.of("pipeline", Managers::pipeline);
    Part.of("copy", Managers::copy);
    Part.of("own", Managers::own);
    Part.of("remote", Managers::remote);
    Part.of("deaths", Managers::deaths);
  }

  private static void first() throws Exception {
    // [first]
    try (var manager = Procession.manager()) {
      ConcurrentMap<String, Integer> counts = manager.map();
      Procession.start(() -> counts.merge("words", 1, Integer::sum)).join();
      System.out.println(counts);
    }
    // [end]
  }

  private static void nested() {
    try (var manager = Procession.manager()) {
      // [nested]
      List<List<String>> outer = manager.list();
      List<String> inner = manager.list();
      outer.add(inner); // at the server: the list itself, not a copy
      inner.add("seen by all");
      System.out.println(outer);
      // [end]
      ConcurrentMap<String, Integer> counts = manager.map();
      // [function]
      counts.merge("words", 1, (BinaryOperator<Integer> & Serializable) Integer::sum);
      // [end]
    }
  }

  private static void pipeline() throws Exception {
    try (var manager = Procession.manager()) {
      ConcurrentMap<String, Integer> ages = manager.map();
      Event done = manager.event();
      // [pipeline]
      List<Future<Integer>> before = new ArrayList<>();
      manager.pipeline(p -> {
        for (String name : List.of("Ann", "Ben", "Ann")) {
          before.add(p.call(ages, map -> map.put(name, name.length() * 10)));
        }
        p.run(done, Event::set);
      });
      System.out.println(before.get(1).get() + " " + before.get(2).get());
      // [end]
    }
  }

  private static void copy() {
    try (var manager = Procession.manager()) {
      // [copy]
      List<Integer> managed = manager.list(List.of(1, 2, 3));
      List<Integer> copy = BaseProxy.of(managed).getValue(); // one call
      managed.clear();
      System.out.println(copy + " " + managed);
      // [end]
    }
  }

  // [counter]
  interface Counter {
    int increment();

    int value();
  }

  static final class AtomicCounter implements Counter {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public int increment() {
      return count.incrementAndGet();
    }

    @Override
    public int value() {
      return count.get();
    }
  }

  static final ManagedType<Counter> COUNTER = ManagedType.of(Counter.class, AtomicCounter::new);

  // [end]

  private static void own() throws Exception {
    // [own]
    try (var manager = new BaseManager().register(COUNTER).start()) {
      Counter counter = manager.create(COUNTER);
      Procession.start(() -> counter.increment()).join();
      System.out.println(counter.value());
    }
    // [end]
  }

  private static void remote() throws Exception {
    // [remote]
    var options =
        ManagerOptions.defaults()
            .withAddress(Address.tcp("localhost", 0))
            .withAuthKey(AuthKey.of("a secret of both sides"));
    try (var server = new SyncManager(options).start()) {
      Address address = server.address().orElseThrow(); // with the port that it has got
      var client = new SyncManager(options.withAddress(address)).connect(); // from anywhere
      BlockingQueue<String> queue = client.queue();
      queue.put("hello");
      System.out.println(queue.take());
    }
    // [end]
  }

  private static void deaths() throws Exception {
    try (var manager = Procession.manager()) {
      Lock lock = manager.lock();
      JvmProcess server = manager.process().orElseThrow();
      server.kill();
      server.join();
      // [deaths]
      try {
        lock.lock();
      } catch (ProcessException e) {
        System.out.println(e.certificate().orElseThrow().signal());
      }
      // [end]
    }
  }
}
