package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.internal.remote.Admission;
import io.procession.pool.PoolListener;
import io.procession.pool.PoolOptions;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskContext;
import io.procession.pool.TaskException;
import io.procession.pool.TaskOptions;
import io.procession.pool.TaskPool;
import io.procession.pool.TaskResult;
import io.procession.pool.WorkerDiedException;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.process.ProcessException;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import io.procession.shared.Struct;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Structs and pools of a manager.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManagedPoolIT {
  private static SyncManager manager;
  private static TaskPool pool;

  record Point(int x, double y, String name) implements Serializable {
    Point {
      if (x < 0) {
        throw new IllegalArgumentException("x must not be negative: x=" + x);
      }
    }
  }

  static final class OwnException extends Exception {
    private static final long serialVersionUID = 1L;

    OwnException(String message) {
      super(message);
    }
  }

  @BeforeAll
  static void start() {
    manager = new SyncManager().start();
    pool = manager.pool(2);
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static void run(io.procession.serial.SerializableRunnable task) throws Exception {
    try (JvmProcess process = JvmProcess.of(task)) {
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  @Test
  void structHasFieldsForAllProcesses() throws Exception {
    Struct<Point> point = manager.struct(new Point(1, 2.5, "a"));
    run(() -> {
      point.set("x", 41);
      assertThat(point.getAndAdd("x", 1)).isEqualTo(41);
      assertThat(point.compareAndSet("name", "a", "b")).isTrue();
      assertThat(point.compareAndSet("name", "a", "c")).isFalse();
      point.update(old -> new Point(old.x(), old.y() * 2, old.name()));
    });
    assertThat(point.get()).isEqualTo(new Point(42, 5.0, "b"));
    assertThat(point.get("y")).isEqualTo(5.0);
    assertThat(point).hasToString("ManagedStruct[Point[x=42, y=5.0, name=b]]");
    point.set(new Point(0, 0, "c"));
    assertThat(point.compareAndSet(new Point(0, 0, "c"), new Point(7, 0, "d"))).isTrue();
    assertThatThrownBy(() -> point.set("x", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x must not be negative: x=-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> point.set("x", 1L))
        .withMessageContaining("type=int, value=1 (java.lang.Long)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> point.set("z", 1))
        .withMessageContaining("no such field: field=z");
    assertThatIllegalArgumentException().isThrownBy(() -> point.getAndAdd("name", 1));
    assertThat(point.get()).isEqualTo(new Point(7, 0, "d"));
  }

  @Test
  void poolIsUsedByAllProcessesAndItsWorkersAreTheServers() throws Exception {
    TaskPool sent = pool;
    assertThat(pool.processes()).isEqualTo(2);
    run(() -> {
      int product = sent.apply(() -> 6 * 7);
      assertThat(product).isEqualTo(42);
      int two = sent.apply(x -> x + 1, 1);
      assertThat(two).isEqualTo(2);
      assertThat(sent.map(x -> x * x, List.of(1, 2, 3))).containsExactly(1, 4, 9);
    });
    assertThat(pool.map(x -> -x, List.of(1, 2, 3), 1)).containsExactly(-1, -2, -3);
    assertThat(pool.map((a, b) -> a + b, List.of("a", "b"), List.of(1, 2)))
        .containsExactly("a1", "b2");
    List<String> seen = manager.list();
    assertThat(pool.map(list -> list.add("input"), List.of(seen, seen))).containsOnly(true);
    assertThat(seen).containsExactly("input", "input");
    long server = manager.process().orElseThrow().pid();
    Long parent =
        pool.apply(() -> ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
    assertThat(parent).isEqualTo(server);
  }

  @Test
  void aTaskReturnsProxiesOfItsOwnManager() throws Exception {
    List<String> list = manager.list(List.of("a"));
    List<String> same = pool.apply(() -> list);
    same.add("b");
    assertThat(list).containsExactly("a", "b");
    List<List<String>> all = pool.map(added -> add(list, added), List.of("c", "d"));
    assertThat(all.get(1)).hasSize(4).isEqualTo(all.get(0));
    Iterator<List<String>> some = pool.imap(added -> add(list, added), List.of("e"));
    some.next().add("f");
    assertThat(list).hasSize(6);
    TaskResult<Map<String, List<String>>> deep = pool.applyAsync(() -> Map.of("list", list));
    requireNonNull(deep.get().get("list")).add("g");
    assertThat(list).hasSize(7);
    TaskPool sent = pool;
    run(() -> assertThat(sent.apply(() -> list)).hasSize(7));
    List<Object> holder = manager.list();
    run(() -> holder.add(sent.apply(() -> list)));
    assertThat(holder.get(0)).isEqualTo(list);
    int before = manager.numberOfObjects();
    for (int i = 0; i < 100; i++) {
      assertThat(pool.apply(() -> list)).isEqualTo(list);
    }
    assertThat(manager.numberOfObjects())
        .isLessThanOrEqualTo(before); // of garbage there may be less
  }

  private static <E> List<E> add(List<E> list, E element) {
    list.add(element);
    return list;
  }

  @Test
  void functionsAreTakenOfNobodyBeyondTheSession() {
    var admitted = Admission.of(StandardTypes.ofSync(), Set.of());
    assertThat(admitted.test(Packed.class.getName())).isFalse();
    assertThat(admitted.test("java.lang.invoke.SerializedLambda")).isFalse();
    assertThat(admitted.test(ArrayList.class.getName())).isTrue();
  }

  @Test
  void resultsAreProxies() throws Exception {
    Event goOn = manager.event();
    TaskResult<String> result =
        pool.applyAsync(() -> {
          goOn.await();
          return "done";
        });
    assertThat(result.ready()).isFalse();
    assertThatIllegalStateException().isThrownBy(result::successful);
    assertThatThrownBy(() -> result.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    run(() -> {
      assertThat(result.await(Duration.ofMillis(1))).isFalse();
      goOn.set();
      assertThat(result.get()).isEqualTo("done");
    });
    assertThat(result.successful()).isTrue();
    assertThat(pool.mapAsync(x -> x + 1, List.of(1, 2)).get()).containsExactly(2, 3);
    TaskResult<Object> endless =
        pool.applyAsync(() -> {
          Thread.currentThread().join();
          return "never";
        });
    assertThat(endless.cancel(true)).isTrue();
    assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void iteratorsFetchWhatIsThere() {
    Iterator<Integer> squares = pool.imap(x -> x * x, List.of(1, 2, 3, 4, 5));
    assertThat(squares).toIterable().containsExactly(1, 4, 9, 16, 25);
    assertThat(pool.imapUnordered(x -> x + 1, List.of(1, 2, 3)))
        .toIterable()
        .containsExactlyInAnyOrder(2, 3, 4);
  }

  @Test
  void anIteratorTellsOfAFailedTaskInItsPlace() {
    Iterator<Integer> quotients = pool.imap(x -> 12 / x, List.of(1, 2, 0, 4));
    List<Object> outcomes = new ArrayList<>();
    while (outcomes.size() < 4) {
      try {
        outcomes.add(quotients.next());
      } catch (TaskException e) {
        outcomes.add(String.valueOf(e.getCause()));
      }
    }
    assertThat(outcomes).containsExactly(12, 6, "java.lang.ArithmeticException: / by zero", 3);
    assertThat(quotients.hasNext()).isFalse();
  }

  @Test
  void whatATaskThrowsArrivesAsItself() {
    assertThatThrownBy(() ->
            pool.apply(() -> {
              throw new OwnException("of a worker");
            }))
        .isInstanceOf(TaskException.class)
        .cause()
        .isInstanceOf(OwnException.class)
        .hasMessage("of a worker")
        .satisfies(e ->
            assertThat(e.getStackTrace()[0].getClassName())
                .startsWith(ManagedPoolIT.class.getName()));
  }

  @Test
  void whoIsInterruptedStopsItsTask() throws Exception {
    Event runs = manager.event();
    Event stopped = manager.event();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                pool.apply(() -> {
                  runs.set();
                  try {
                    Thread.currentThread().join();
                  } catch (InterruptedException e) {
                    stopped.set();
                  }
                  return null;
                });
              } catch (Throwable t) {
                thrown.complete(t);
              }
            });
    runs.await();
    caller.interrupt();
    assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPoolEndsInOrder() throws Exception {
    List<String> prepared = manager.list();
    PoolOptions options =
        PoolOptions.defaults().withProcesses(1).withInitializer(() -> prepared.add("by its proxy"));
    TaskPool own = manager.pool(options);
    assertThat(own.<Integer>apply(() -> prepared.size())).isEqualTo(1);
    assertThat(prepared).containsExactly("by its proxy");
    assertThatIllegalStateException().isThrownBy(own::join);
    TaskResult<Integer> last = own.applyAsync(() -> 1);
    own.shutdown();
    own.join();
    assertThat(last.get()).isEqualTo(1);
    assertThatIllegalStateException().isThrownBy(() -> own.apply(() -> 2));
    own.close();
    own.terminate();
    assertThatIllegalArgumentException().isThrownBy(() -> manager.pool(0));
  }

  @Test
  void aPoolThatNobodyHasIsTerminated() throws Exception {
    long worker = manager.pool(1).apply(ManagedPoolIT::pid);
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          boolean _ = pool.apply(() -> collected()); // in a worker; what follows, in the server
          manager.value(0).update(x -> collected() ? 1 : 0);
          return ProcessHandle.of(worker).isEmpty();
        });
  }

  private static boolean collected() {
    System.gc();
    return true;
  }

  /// Which need not be a process of its own, that would end by that.
  @Test
  void workersEndWithAServerOfThisProcess() throws Exception {
    ManagerOptions options =
        ManagerOptions.defaults()
            .withAddress(Address.tcp("localhost", 0))
            .withAuthKey(AuthKey.of("a key of this test"));
    Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());
    ManagerServer server = new SyncManager(options).getServer();
    try {
      Thread serving =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.serveForever();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      Address address = server.address().orElseThrow();
      SyncManager client = new SyncManager(options.withAddress(address)).connect();
      TaskPool its = client.pool(2);
      await().atMost(Deadlines.LONG).until(() -> childrenBut(others) >= 2);
      server.close();
      serving.join();
      await().atMost(Deadlines.LONG).until(() -> childrenBut(others) == 0);
      assertThat(its.toString()).isNotEmpty(); // nobody has let go of it
      client.close();
    } finally {
      server.close();
    }
  }

  private static long childrenBut(Set<ProcessHandle> others) {
    return ProcessHandle.current().children().filter(child -> !others.contains(child)).count();
  }

  @Test
  void workersEndWithTheirServer() throws Exception {
    try (SyncManager other = new SyncManager().start()) {
      TaskPool its = other.pool(2);
      List<Long> workers = its.map(_ -> pid(), List.of(1, 2, 3, 4), 1);
      TaskResult<Object> endless =
          its.applyAsync(() -> {
            Thread.currentThread().join();
            return "never";
          });
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread.ofPlatform()
          .start(() -> {
            try {
              endless.get();
            } catch (Throwable t) {
              thrown.complete(t);
            }
          });
      other.process().orElseThrow().kill();
      assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(ProcessException.class);
      await()
          .atMost(Deadlines.LONG)
          .until(() ->
              workers.stream()
                  .noneMatch(
                      pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)));
    }
  }

  @Test
  void optionsGoToTheServer(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    PoolOptions options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withRetries(1)
            .withReproducers(folder)
            .withMaxTasksPerWorker(5)
            .withLaunch(
                LaunchOptions.defaults()
                    .withSystemProperty("own", "value")
                    .withEnvironment("OWN", "variable")
                    .withWorkingFolder(folder)
                    .withMaxHeap(64L << 20)
                    .withOutput(Output.file(output)));
    try (TaskPool own = manager.pool(options)) {
      String seen =
          own.apply(() -> {
            System.out.println("a line");
            return System.getProperty("own") + System.getenv("OWN") + Path.of("").toRealPath();
          });
      assertThat(seen).isEqualTo("valuevariable" + folder.toRealPath());
      List<Long> workers = manager.list();
      long second =
          own.apply(() -> {
            workers.add(pid());
            if (workers.size() == 1) {
              Runtime.getRuntime().halt(3);
            }
            return pid();
          });
      assertThat(workers).hasSize(2).endsWith(second);
      assertThatThrownBy(() -> own.apply(x -> 1 / x, 0)).hasMessageContaining(folder.toString());
    }
    assertThat(output).content().contains("a line");
  }

  @Test
  void whatAServerCannotHaveOfOptionsIsRefused() {
    int before = manager.numberOfObjects();
    PoolOptions some = PoolOptions.defaults().withProcesses(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.pool(some.withListener(new PoolListener() {})))
        .withMessageContaining("a pool of a manager has no listeners")
        .withMessageContaining("open a pool of this process");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.pool(some.withContext(new NoContext())))
        .withMessageContaining("a pool of a manager has no contexts")
        .withMessageContaining("let tasks capture what they need");
    var lines = LaunchOptions.defaults().withOutput(Output.lines(_ -> {}));
    assertThatThrownBy(() -> manager.pool(some.withLaunch(lines)))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("output")
        .hasMessageContaining("consumer of this process");
    Thread thread = Thread.currentThread();
    assertThatThrownBy(() -> manager.pool(some.withInitializer(() -> thread.join(1))))
        .isInstanceOf(NotSendableException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manager.pool(some.withProcesses(1_000_000)))
        .withMessageContaining("processes=1000000");
    assertThat(manager.numberOfObjects()).isLessThanOrEqualTo(before);
  }

  private record NoContext() implements TaskContext<String> {
    @Override
    public String capture() {
      return "";
    }

    @Override
    public <R extends @Nullable Object> R call(String captured, Callable<R> task) throws Exception {
      return task.call();
    }
  }

  @Test
  void aTaskIsRunAgainIfItsOptionsSaySo() throws Exception {
    List<Integer> tries = manager.list();
    TaskOptions again = TaskOptions.defaults().withRetries(1);
    TaskResult<Integer> result =
        pool.applyAsync(
            again,
            () -> {
              tries.add(1);
              if (tries.size() == 1) {
                Runtime.getRuntime().halt(3);
              }
              return tries.size();
            });
    assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(2);
    TaskResult<?> once = pool.applyAsync(() -> Runtime.getRuntime().halt(4));
    assertThatThrownBy(() -> once.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TaskException.class)
        .cause()
        .isInstanceOf(WorkerDiedException.class);
  }

  @Test
  void whatIsSentOnOfAnIteratorIsTheRest() throws Exception {
    ResultIterator<Integer> squares = pool.imap(x -> x * x, List.of(1, 2, 3, 4, 5));
    assertThat(squares.next()).isEqualTo(1);
    assertThat(squares.next()).isEqualTo(4);
    run(() -> {
      assertThat(squares.next(Duration.ofSeconds(20))).isEqualTo(9);
      assertThat(squares.next()).isEqualTo(16);
      squares.close();
    });
    assertThat(squares.hasNext()).isFalse();
  }

  @Test
  void tasksOfACallerThatDiesAreStopped() throws Exception {
    TaskPool sent = pool;
    Event never = manager.event();
    for (boolean isMap : new boolean[] {true, false}) {
      Event runs = manager.event();
      SerializableFunction<Integer, Integer> endless =
          x -> {
            runs.set();
            never.await();
            return x;
          };
      try (JvmProcess caller =
          JvmProcess.of(() -> {
            if (isMap) {
              List<Integer> _ = sent.map(endless, List.of(1, 2, 3, 4));
            } else {
              ResultIterator<Integer> results = sent.imap(endless, List.of(1, 2, 3, 4));
              assertThat(never.await(600, TimeUnit.SECONDS)).isTrue();
              results.close();
            }
          })) {
        caller.start();
        assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        caller.kill();
        caller.join();
      }
      assertThat(pool.map(x -> x, List.of(1, 2, 3, 4), 1)).hasSize(4); // the workers are free
    }
    assertThat(never.isSet()).isFalse();
  }

  @Test
  void resultsThatNobodyTakesAreForgotten() throws Exception {
    Event never = manager.event();
    assertThat(begun(never)).isEqualTo(0);
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return pool.applyAsync(() -> "free").await(Deadlines.SHORT);
        });
  }

  private static int begun(Event never) {
    SerializableFunction<Integer, Integer> endless =
        x -> {
          if (x > 0) {
            never.await();
          }
          return x;
        };
    return pool.imapUnordered(endless, List.of(0, 1, 2, 3, 4), 1).next();
  }
}
