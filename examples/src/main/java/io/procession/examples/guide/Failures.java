package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.connection.ConnectionOptions;
import io.procession.manager.BaseManager;
import io.procession.manager.ManagedType;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.TaskException;
import io.procession.pool.TaskOptions;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.QueueOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableCallable;
import java.io.Serializable;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What goes wrong, and what is said of it.
public final class Failures {
  private Failures() {}

  public static void main(String[] args) throws Exception {
    Part.of("wrapped", Failures::wrapped);
    Part.of("died", Failures::died);
    Part.of("late", Failures::late);
    Part.of("pools", Failures::pools);
    Part.of("sent", Failures::sent);
    Part.of("locks", Failures::locks);
    Part.of("queues", Failures::queues);
    Part.of("pipes", Failures::pipes);
    Part.of("managers", Failures::managers);
    Part.of("times", Failures::times);
    Part.of("misused", Failures::misused);
  }

  /// What may fail.
  interface Call {
    void run() throws Exception;
  }

  // [told]
  static void told(Call call) {
    try {
      call.run();
    } catch (Exception e) {
      String message = String.valueOf(e.getMessage());
      System.out.println(
          e.getClass().getSimpleName() + ": " + message.lines().findFirst().orElse(""));
    }
  }

  // [end]

  private static void wrapped() {
    // [wrapped]
    SerializableCallable<Integer> task =
        () -> {
          throw new IllegalStateException("no licence");
        };
    try (ProcessPool pool = Procession.pool(1)) {
      told(() -> pool.apply(task));
      told(() -> pool.applyAsync(task).get());
      told(() -> pool.applyAsync(task).join());
    }
    // [end]
  }

  private static void died() {
    // [died]
    try (ProcessPool pool = Procession.pool(1)) {
      pool.apply(() -> {
        System.err.println("reading page 12");
        Runtime.getRuntime().halt(3);
        return 0;
      });
    } catch (TaskException e) {
      System.out.println(e.getMessage());
      System.out.println(e.getCause());
    }
    // [end]
  }

  private static void late() {
    // [late]
    var soft = TaskOptions.defaults().withDeadline(Duration.ofMillis(300));
    var hard = TaskOptions.defaults().withHardDeadline(Duration.ofMillis(300));
    SerializableCallable<Integer> task =
        () -> {
          Thread.sleep(Duration.ofHours(1));
          return 0;
        };
    try (ProcessPool pool = Procession.pool(1)) {
      told(() -> pool.applyAsync(soft, task).join());
      told(() -> pool.applyAsync(hard, task).join());
    }
    // [end]
  }

  private static void pools() {
    // [pools]
    ProcessPool pool = Procession.pool(PoolOptions.defaults().withProcesses(1).withQuarantine(2));
    told(() -> pool.apply(() -> new Page(1)));
    told(() -> pool.apply(page -> page.number(), new Page(1)));
    told(() ->
        pool.applyAsync(
                TaskOptions.defaults().withRetries(10),
                () -> {
                  Runtime.getRuntime().halt(9);
                  return 0;
                })
            .join());
    pool.close();
    told(() -> pool.apply(() -> 1));
    // [end]
  }

  // [page]
  record Page(int number) {}

  record Job(String name, Page page) implements Serializable {}

  // [end]

  private static void sent() {
    // [sent]
    Socket socket = new Socket();
    told(() -> Procession.start(() -> System.out.println(socket)));
    Job job = new Job("print", new Page(1));
    told(() -> Procession.start(() -> System.out.println(job)));
    SharedQueue<Object> queue = Procession.queue();
    told(() -> queue.put(List.of("a", Thread.currentThread())));
    // [end]
  }

  @SuppressWarnings("LockNotBeforeTry") // shows what each call does
  private static void locks() {
    // [locks]
    var lock = Procession.lock();
    told(() -> lock.unlock());
    told(() -> lock.newCondition().signal());
    lock.lock();
    told(() -> lock.lock());
    lock.unlock();
    lock.destroy();
    told(() -> lock.lock());
    // [end]
  }

  private static void queues() {
    // [queues]
    SharedQueue<String> two = Procession.queue(2);
    two.add("a");
    two.add("b");
    told(() -> two.add("c"));
    two.shutdown(false);
    told(() -> two.put("d"));
    two.close();
    told(() -> two.take());
    SharedQueue<byte[]> small = Procession.queue(QueueOptions.defaults().withMaxBytes(1 << 20));
    told(() -> {
      while (true) {
        small.put(new byte[100_000]);
      }
    });
    // [end]
  }

  private static void pipes() throws Exception {
    // [pipes]
    var pipe = Procession.oneWayPipe();
    told(() -> pipe.first().send("a"));
    pipe.first().close();
    told(() -> pipe.second().send("b"));
    var other = Procession.oneWayPipe();
    other.second().close();
    told(() -> other.first().recv());
    told(() -> Procession.client(Address.tcp("127.0.0.1", 9), ConnectionOptions.defaults()));
    // [end]
  }

  // [store]
  interface Store {
    int size();

    Page page();
  }

  static final class PlainStore implements Store {
    @Override
    public int size() {
      throw new IllegalStateException("disk is gone");
    }

    @Override
    public Page page() {
      return new Page(1);
    }
  }

  static final ManagedType<Store> STORE = ManagedType.of(Store.class, PlainStore::new);

  // [end]

  private static void managers() throws Exception {
    // [managers]
    var manager = new BaseManager().register(STORE).start();
    Store store = manager.create(STORE);
    told(() -> store.size());
    told(() -> store.page());
    told(() -> manager.create(ManagedType.of(List.class, ArrayList::new)));
    manager.close();
    told(() -> store.size());
    // [end]
  }

  private static void times() {
    // [times]
    var barrier = Procession.barrier(2);
    told(() -> barrier.await(10, TimeUnit.MILLISECONDS));
    told(() -> barrier.await());
    try (ProcessPool pool = Procession.pool(1);
        var results = pool.imap(x -> x, List.of(1))) {
      told(() -> results.next(Duration.ZERO));
    }
    // [end]
    barrier.destroy();
  }

  private static void misused() throws Exception {
    // [misused]
    JvmProcess process = JvmProcess.of("reader", () -> {});
    told(() -> process.join());
    process.start();
    told(() -> process.start());
    process.join();
    told(() -> LaunchOptions.defaults().withNiceness(30));
    told(() -> Procession.context("fork"));
    // [end]
  }
}
