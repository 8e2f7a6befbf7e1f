package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.DeathCertificate;
import io.procession.process.ExitHook;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.ProcessException;
import io.procession.queue.SharedQueue;
import io.procession.queue.TaskQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ends of servers and of callers: in the midst of all kinds of calls, and in order.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class ManagerDeathIT {
  private static final int CALLERS = 100;
  private static final int KILLS = Integer.getInteger("procession.test.kills", 3);
  private static final String KEY = "a key of this test";

  /// Something that waits at the server for ever.
  private interface Wait {
    @Nullable Object call() throws Exception;
  }

  private static List<Wait> waits(SyncManager manager) throws Exception {
    BlockingQueue<String> empty = manager.queue();
    BlockingQueue<String> full = manager.queue(1);
    full.put("full");
    Lock held = manager.lock();
    Lock heldToo = manager.reentrantLock();
    held.lock();
    heldToo.lock();
    CountingSemaphore none = manager.semaphore(0);
    Event unset = manager.event();
    Barrier barrier = manager.barrier(CALLERS);
    LockCondition condition = manager.condition();
    TaskQueue<String> undone = manager.joinableQueue();
    undone.put("undone");
    return List.of(
        empty::take,
        () -> empty.poll(1, TimeUnit.HOURS),
        () -> {
          full.put("more");
          return null;
        },
        () -> {
          held.lock();
          return null;
        },
        () -> {
          heldToo.lockInterruptibly();
          return null;
        },
        () -> {
          none.acquire();
          return null;
        },
        () -> {
          unset.await();
          return null;
        },
        barrier::await,
        () -> {
          Lock lock = condition.lock();
          lock.lock();
          condition.await();
          return null;
        },
        () -> {
          undone.join();
          return null;
        },
        () -> {
          manager.pipeline(p -> {
            p.run(empty, BlockingQueue::take);
            p.run(unset, Event::set);
          });
          return null;
        });
  }

  /// Callers that wait for ever, and count when they are told of the server's death.
  ///
  /// @param isOfSession whether they are told how it ended
  private static List<Thread> wait(
      List<Wait> waits,
      int count,
      boolean isOfSession,
      List<Object> unexpected,
      AtomicInteger told) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Wait wait = waits.get(i % waits.size());
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  unexpected.add("returned: " + wait.call());
                } catch (ProcessException e) {
                  if (e.certificate().isPresent() == isOfSession) {
                    told.incrementAndGet();
                  } else {
                    unexpected.add(e);
                  }
                } catch (Throwable e) {
                  unexpected.add(e);
                }
              }));
    }
    return threads;
  }

  private static void awaitBlocked(SyncManager manager, int calls) {
    Awaitility.await().atMost(Deadlines.LONG).until(() -> manager.link().callsUnderWay() >= calls);
  }

  @Test
  void hundredBlockedCallersAreToldOfTheServersDeath() throws Exception {
    try (SyncManager manager = new SyncManager(patient(Address.tcp("localhost", 0))).start()) {
      Address address = manager.address().orElseThrow();
      List<Object> unexpected = java.util.Collections.synchronizedList(new ArrayList<>());
      var told = new AtomicInteger();
      List<Wait> waits = waits(manager);
      List<Thread> threads = wait(waits, CALLERS, true, unexpected, told);
      try (ChildJvm afar = ChildJvm.body(() -> waitFromAfar(address)).start()) {
        String _ = afar.awaitLine("waiting");
        awaitBlocked(manager, CALLERS);
        long killed = System.currentTimeMillis();
        manager.process().orElseThrow().kill();
        for (Thread thread : threads) {
          assertThat(thread.join(Deadlines.LONG)).isTrue();
        }
        long last = System.currentTimeMillis();
        assertThat(unexpected).isEmpty();
        assertThat(told).hasValue(CALLERS);
        long lastAfar = Long.parseLong(afar.awaitLine("told at "));
        long newAfar = Long.parseLong(afar.awaitLine("a new call was told at "));
        System.out.println(
            "the death of a server was told to "
                + CALLERS
                + " blocked callers within "
                + (last - killed)
                + " ms, to those behind a network within "
                + (lastAfar - killed)
                + " ms, to a new call of theirs within "
                + (newAfar - killed)
                + " ms");
        afar.succeed();
      }
      for (Wait wait : waits) {
        assertThatThrownBy(wait::call).isInstanceOf(ProcessException.class);
      }
      assertThatThrownBy(manager::list)
          .isInstanceOfSatisfying(
              ProcessException.class, e -> assertThat(e.certificate()).isPresent())
          .hasMessageContaining("SIGKILL");
    }
  }

  @Test
  void processThatDidNotStartTheServerHasItsCertificate() throws Exception {
    SharedQueue<String> said = SharedQueue.create();
    try (SyncManager manager = new SyncManager().start()) {
      BlockingQueue<String> empty = manager.queue();
      JvmProcess server = manager.process().orElseThrow();
      JvmProcess child =
          JvmProcess.of(() -> {
            said.put("waiting");
            try {
              said.put("took " + empty.take());
            } catch (ProcessException e) {
              said.put("" + e.getMessage());
              DeathCertificate certificate = e.certificate().orElseThrow();
              said.put(certificate.pid() + " " + certificate.cause() + " " + certificate.signal());
              said.put(certificate.exitCode() + " " + certificate.sentence());
            }
          });
      child.start();
      assertThat(said.take()).isEqualTo("waiting"); // or about to
      server.kill();
      String who = server.name() + " (pid " + server.pid() + ")";
      assertThat(said.take()).contains("has ended").endsWith("killed by SIGKILL");
      assertThat(said.take()).isEqualTo(server.pid() + " SIGNAL SIGKILL");
      assertThat(said.take()).isEqualTo("-9 " + who + ", killed by SIGKILL");
      child.join();
      assertThat(child.exitCode()).hasValue(0);
    } finally {
      said.destroy();
    }
  }

  private static void waitFromAfar(Address address) throws Exception {
    SyncManager client = new SyncManager(patient(address)).connect();
    List<Integer> list = client.list(List.of(1));
    List<Object> unexpected = java.util.Collections.synchronizedList(new ArrayList<>());
    var told = new AtomicInteger();
    List<Thread> threads = wait(waits(client), 22, false, unexpected, told);
    awaitBlocked(client, 22);
    System.out.println("waiting");
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println("told at " + System.currentTimeMillis());
    assertThat(unexpected).isEmpty();
    assertThat(told).hasValue(22);
    assertThatThrownBy(list::size).isInstanceOf(ProcessException.class);
    System.out.println("a new call was told at " + System.currentTimeMillis());
    assertThatThrownBy(client::list).isInstanceOf(ProcessException.class);
  }

  /// By keep-alive nobody hears of anything in the time of a test.
  private static ManagerOptions patient(Address address) {
    return ManagerOptions.defaults()
        .withAddress(address)
        .withKeepAlive(Duration.ofHours(1))
        .withAuthKey(AuthKey.of(KEY));
  }

  /// A caller that does everything at once is killed at any moment: its locks are free, queues lose and
  /// double nothing, what it had is dropped, and what it had sent is alive.
  @Test
  void callerIsKilledAtAnyMoment() throws Exception {
    try (SyncManager manager = new SyncManager().start();
        SharedQueue<List<Integer>> way = SharedQueue.create()) {
      Lock lock = manager.lock();
      Lock reentrant = manager.reentrantLock();
      Condition turned = reentrant.newCondition();
      BlockingQueue<Integer> queue = manager.queue();
      ConcurrentMap<String, Integer> counts = manager.map();
      Event busy = manager.event();
      List<Integer> shared = manager.list(List.of(1, 2));
      int before = manager.numberOfObjects();
      var random = new Random(7);
      for (int kill = 0; kill < KILLS; kill++) {
        busy.clear();
        JvmProcess caller =
            JvmProcess.of(
                () -> doEverything(lock, reentrant, turned, queue, counts, busy, way, shared));
        caller.start();
        busy.await();
        LockSupport.parkNanos(random.nextInt(20_000_000));
        caller.kill();
        caller.join();
        Awaitility.await() // until it is noticed, its wait for an element may still get one
            .atMost(Deadlines.LONG)
            .until(() -> manager.numberOfObjects() == before);
        assertThat(lock.tryLock(30, TimeUnit.SECONDS)).isTrue();
        lock.unlock();
        assertThat(reentrant.tryLock(30, TimeUnit.SECONDS)).isTrue();
        turned.signalAll();
        reentrant.unlock();
        queue.clear();
        queue.put(kill);
        assertThat(queue.poll(30, TimeUnit.SECONDS)).isEqualTo(kill);
        assertThat(counts.getOrDefault("b", 0)) // changed together, but for where it was killed
            .isBetween(counts.getOrDefault("a", 0) - kill - 1, counts.getOrDefault("a", 0));
        for (List<Integer> sent = way.poll(); sent != null; sent = way.poll()) {
          assertThat(sent).containsExactly(1, 2);
        }
      }
      way.destroy();
    }
  }

  private static void doEverything(
      Lock lock,
      Lock reentrant,
      Condition turned,
      BlockingQueue<Integer> queue,
      ConcurrentMap<String, Integer> counts,
      Event busy,
      SharedQueue<List<Integer>> way,
      List<Integer> shared)
      throws Exception {
    start(() -> queue.take());
    start(() -> {
      reentrant.lock();
      try {
        return turned.await(1, TimeUnit.MILLISECONDS);
      } finally {
        reentrant.unlock();
      }
    });
    while (!Thread.currentThread().isInterrupted()) {
      Condition own = lock.newCondition();
      lock.lock();
      try {
        counts.merge("a", 1, Integer::sum);
        counts.merge("b", 1, Integer::sum);
        own.signal();
      } finally {
        lock.unlock();
      }
      queue.put(1);
      way.put(shared);
      busy.set();
    }
  }

  private static void start(Callable<?> repeated) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              var _ = repeated.call();
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void shutdownIsRepeatableAndHasALimit() throws Exception {
    SyncManager manager = new SyncManager();
    manager.shutdown(); // nothing yet
    manager.start();
    List<Integer> list = manager.list();
    JvmProcess server = manager.process().orElseThrow();
    try (ExecutorService closers = Executors.newThreadPerTaskExecutor(Thread::new)) {
      List<Future<?>> closed = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        closed.add(closers.submit(manager::shutdown));
      }
      for (Future<?> one : closed) {
        one.get();
      }
    }
    manager.shutdown();
    manager.join();
    assertThat(manager.join(Duration.ofSeconds(1))).isTrue();
    assertThat(server.exitCode()).hasValue(0);
    assertThatThrownBy(list::size).isInstanceOf(ProcessException.class);

    ManagerOptions hurried = ManagerOptions.defaults().withShutdownLimit(Duration.ofMillis(200));
    SyncManager stubborn =
        new SyncManager(hurried)
            .start(() -> {
              ExitHook _ =
                  ExitHook.add(
                      ExitHook.USER,
                      () -> {
                        try {
                          new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      });
            });
    stubborn.close();
    assertThat(stubborn.process().orElseThrow().exitCode()).hasValue(-9);
  }

  /// In a process of another session: what uses the manager outlives its main method, and daemons use
  /// it until they end.
  private static void leave() throws Exception {
    SyncManager manager = new SyncManager().start();
    List<String> said = manager.list();
    Event ready = manager.event();
    SerializableRunnable lasting =
        () -> {
          ready.await();
          for (int i = 0; i < 20; i++) {
            LockSupport.parkNanos(10_000_000);
            said.add("still here");
          }
          System.out.println("child " + said.contains("still here"));
        };
    JvmProcess joined = JvmProcess.of(lasting);
    joined.start();
    JvmProcess daemon =
        JvmProcess.of(
            LaunchOptions.defaults(),
            () -> {
              ExitHook _ =
                  ExitHook.add(
                      ExitHook.USER,
                      () -> {
                        said.add("the daemon's last words");
                        System.out.println("daemon " + said.contains("the daemon's last words"));
                      });
              ready.set();
              Thread.currentThread().join();
            });
    daemon.setDaemon(true);
    daemon.start();
    ready.await();
  }

  @Test
  void managerEndsAfterThoseWhoUseIt() {
    try (ChildJvm program = ChildJvm.body(ManagerDeathIT::leave).start()) {
      program.succeed();
      assertThat(program.out()).contains("child true").contains("daemon true");
    }
  }
}
