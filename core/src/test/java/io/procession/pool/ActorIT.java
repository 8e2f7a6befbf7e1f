package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Objects that live in a process of their own.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ActorIT {
  private static ProcessPool pool;
  private static Actor<Ledger> shared;

  @TempDir Path folder;

  /// What the tests' object can do.
  interface Ledger {
    int add(int amount);

    CompletableFuture<Integer> addLater(int amount);

    Future<List<Integer>> history();

    default int addTwice(int amount) {
      add(amount);
      return add(amount);
    }

    int add(String amount) throws IOException;

    void fail() throws IOException;

    void failUnchecked();

    Object something(int kind) throws TimeoutException;

    int end(int code);

    long pid();

    int block(SharedEvent begun) throws InterruptedException;
  }

  /// Needs no locks.
  private static final class ListLedger implements Ledger, AutoCloseable {
    private final List<Integer> all = new ArrayList<>();
    private final String trace;
    private int sum;
    private int running;

    ListLedger(String trace) {
      this.trace = trace;
    }

    @Override
    public int add(int amount) {
      assertThat(++running).isEqualTo(1);
      all.add(amount);
      sum += amount;
      running--;
      return sum;
    }

    @Override
    public CompletableFuture<Integer> addLater(int amount) {
      return amount < 0
          ? CompletableFuture.failedFuture(new IllegalArgumentException("negative"))
          : CompletableFuture.supplyAsync(() -> add(amount));
    }

    @Override
    public Future<List<Integer>> history() {
      return CompletableFuture.completedFuture(List.copyOf(all));
    }

    @Override
    public int add(String amount) {
      return add(Integer.parseInt(amount));
    }

    @Override
    public void fail() throws IOException {
      throw new IOException("no paper", new IllegalStateException("printer"));
    }

    @Override
    public void failUnchecked() {
      throw new ArithmeticException("no sum");
    }

    @Override
    public Object something(int kind) throws TimeoutException {
      if (kind == 0) {
        throw new TimeoutException("declared");
      }
      return Thread.currentThread();
    }

    @Override
    public int end(int code) {
      Runtime.getRuntime().halt(code);
      return code;
    }

    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public int block(SharedEvent begun) throws InterruptedException {
      begun.set();
      Thread.sleep(Long.MAX_VALUE);
      return 0;
    }

    @Override
    public void close() throws IOException {
      Files.writeString(Path.of(trace), "closed with " + sum);
    }
  }

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(1);
    shared = pool.actor(Ledger.class, () -> new ListLedger("/dev/null"));
  }

  @AfterAll
  static void close() {
    pool.close();
    assertThat(shared.worker()).isEmpty();
  }

  @Test
  void stateLivesBetweenCallsInAProcessOfItsOwn() {
    Ledger ledger = shared.proxy();
    int before = ledger.add(0);
    assertThat(ledger.add(1)).isEqualTo(before + 1);
    assertThat(ledger.add(2)).isEqualTo(before + 3);
    assertThat(ledger.addTwice(2)).isEqualTo(before + 7);
    long workers = pool.apply(() -> ProcessHandle.current().pid());
    assertThat(ledger.pid())
        .isNotEqualTo(workers)
        .isNotEqualTo(ProcessHandle.current().pid())
        .isEqualTo(shared.worker().orElseThrow().pid());
    assertThat(pool.dump()).contains("-actor-");
    assertThat(ledger).isEqualTo(shared.proxy()).hasSameHashCodeAs(shared.proxy());
    assertThat(ledger.toString()).contains("Ledger at pool-");
  }

  @Test
  void overloadsAreToldApart() throws IOException {
    Ledger ledger = shared.proxy();
    int before = ledger.add(0);
    assertThat(ledger.add("5")).isEqualTo(before + 5);
  }

  @Test
  void callsOfAThreadRunInOrderAndOneAtATime() throws Exception {
    Ledger ledger = shared.proxy();
    int before = ledger.add(0);
    int length = ledger.history().get().size();
    List<CompletableFuture<Integer>> sums = new ArrayList<>();
    List<Thread> others = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      others.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 100; i++) {
                  ledger.add(0);
                }
              }));
    }
    for (int i = 1; i <= 200; i++) {
      sums.add(ledger.addLater(i));
    }
    int sum = before;
    for (int i = 1; i <= 200; i++) {
      sum += i;
      assertThat(sums.get(i - 1).join()).isEqualTo(sum);
    }
    for (Thread other : others) {
      other.join();
    }
    List<Integer> history = ledger.history().get();
    assertThat(history.subList(length, history.size()))
        .hasSize(500)
        .filteredOn(x -> x > 0)
        .isSorted();
  }

  @Test
  void whatMethodsThrowIsThrownWithBothStacks() {
    Ledger ledger = shared.proxy();
    assertThatThrownBy(ledger::fail)
        .isInstanceOf(IOException.class)
        .hasMessage("no paper")
        .hasStackTraceContaining("ListLedger.fail")
        .hasCauseInstanceOf(IllegalStateException.class)
        .satisfies(e ->
            assertThat(e.getSuppressed()[0])
                .hasMessageContaining("-worker-")
                .hasStackTraceContaining("ActorIT.whatMethodsThrow"));
    assertThatThrownBy(ledger::failUnchecked).isExactlyInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> ledger.something(0)).isExactlyInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> ledger.something(1)).isInstanceOf(NotSendableException.class);
    assertThatThrownBy(ledger.addLater(-1)::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(TaskException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  /// A checked exception that its interface does not declare.
  interface Plain {
    void call();
  }

  @Test
  void checkedExceptionThatIsNotDeclaredIsACause() {
    try (Actor<Plain> actor = pool.actor(Plain.class, () -> () -> sneak(new IOException("x")))) {
      assertThatThrownBy(actor.proxy()::call)
          .isInstanceOf(RemoteCallException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void sneak(Exception e) throws E {
    throw (E) e;
  }

  @Test
  void deathIsToldWithItsCertificateToAllCallers() {
    Actor<Ledger> actor = pool.actor(Ledger.class, () -> new ListLedger("/dev/null"));
    Ledger ledger = actor.proxy();
    assertThat(ledger.add(1)).isEqualTo(1);

    Throwable death = catchThrowable(() -> ledger.end(7));
    Throwable later = catchThrowable(() -> ledger.add(1));

    assertThat(certificate(death).exitCode()).isEqualTo(7);
    assertThat(certificate(later).exitCode()).isEqualTo(7);
    await().atMost(Deadlines.LONG).until(() -> actor.worker().isEmpty());
    actor.close();
  }

  private static DeathCertificate certificate(Throwable death) {
    assertThat(death).isInstanceOf(ProcessException.class);
    return ((ProcessException) death).certificate().orElseThrow();
  }

  @Test
  void objectIsMadeAgainAndCallsThatWereNotBegunWaitForIt() {
    var options = ActorOptions.defaults().withRestarts(2).withBackoff(Duration.ofMillis(10));
    try (Actor<Ledger> actor =
        pool.actor(options, Ledger.class, () -> new ListLedger("/dev/null"))) {
      Ledger ledger = actor.proxy();
      assertThat(ledger.add(3)).isEqualTo(3);
      long pid = ledger.pid();
      CompletableFuture<Integer> first = ledger.addLater(4);
      Throwable death = catchThrowable(() -> ledger.end(9));
      CompletableFuture<Integer> next = ledger.addLater(5);

      assertThat(first.join()).isEqualTo(7);
      assertThat(certificate(death).pid()).isEqualTo(pid);
      assertThat(next.join()).isEqualTo(5);
      assertThat(ledger.add(-2)).isEqualTo(3);
      assertThat(certificate(catchThrowable(() -> ledger.end(8))).exitCode()).isEqualTo(8);
      assertThat(ledger.add(1)).isEqualTo(1);
      assertThat(certificate(catchThrowable(() -> ledger.end(7))).exitCode()).isEqualTo(7);
      assertThat(certificate(catchThrowable(ledger::pid)).exitCode()).isEqualTo(7);
    }
  }

  @Test
  void factoryThatFailsIsToldOf() {
    try (Actor<Ledger> actor =
        pool.actor(
            Ledger.class,
            () -> {
              throw new IOException("no ledger");
            })) {
      assertThatThrownBy(() -> actor.proxy().add(1))
          .rootCause()
          .isInstanceOf(IOException.class)
          .hasMessage("no ledger");
      assertThatThrownBy(() -> actor.proxy().add(1))
          .isInstanceOf(ProcessException.class)
          .hasMessageContaining("no ledger");
    }
    Object unsendable = new Object();
    assertThatThrownBy(() -> pool.actor(Ledger.class, () -> new ListLedger(unsendable.toString())))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() -> pool.actor(String.class, () -> ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closeWaitsForCallsAndClosesTheObject() {
    String trace = folder.resolve("trace").toString();
    Actor<Ledger> actor = pool.actor(Ledger.class, () -> new ListLedger(trace));
    Ledger ledger = actor.proxy();
    List<Integer> sums = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      var _ = ((AsyncResult<Integer>) ledger.addLater(1)).onSuccess(sums::add);
    }
    actor.close();

    assertThat(sums).hasSize(10).endsWith(10);
    assertThat(Path.of(trace)).hasContent("closed with 10");
    assertThatThrownBy(() -> ledger.add(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("takes no more calls");
  }

  @Test
  void poolEndsItsActorsLast() throws Exception {
    String trace = folder.resolve("trace").toString();
    var inner = ProcessPool.open(1);
    Actor<Ledger> actor = inner.actor(Ledger.class, () -> new ListLedger(trace));
    for (int i = 1; i <= 5; i++) {
      var _ = inner.applyAsync(x -> x, i).onSuccess(x -> actor.proxy().add(x));
    }
    inner.shutdown();
    inner.join();
    assertThat(Path.of(trace)).hasContent("closed with 15");
    assertThatThrownBy(() -> inner.actor(Ledger.class, () -> new ListLedger(trace)))
        .isInstanceOf(IllegalStateException.class);

    var other = ProcessPool.open(1);
    Actor<Ledger> ended = other.actor(Ledger.class, () -> new ListLedger(trace));
    assertThat(ended.proxy().add(1)).isEqualTo(1);
    Future<Integer> unsettled = ended.proxy().addLater(1);
    other.terminate();
    assertThat(unsettled.isDone()).isTrue();
    assertThat(ended.worker()).isEmpty();
  }

  @Test
  void interruptedCallerLeavesTheActorAliveUntilItIsKilled() throws Exception {
    SharedEvent begun = SharedEvent.create();
    try (Actor<Ledger> actor = pool.actor(Ledger.class, () -> new ListLedger("/dev/null"))) {
      var thrown = new AtomicReference<Throwable>();
      Thread first =
          Thread.ofPlatform()
              .start(() -> thrown.set(catchThrowable(() -> actor.proxy().block(begun))));
      begun.await();
      var second = new AtomicReference<Throwable>();
      Thread waiting =
          Thread.ofPlatform().start(() -> second.set(catchThrowable(() -> actor.proxy().add(1))));
      first.interrupt();
      waiting.interrupt();
      first.join();
      waiting.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      assertThat(second.get()).isInstanceOf(CancellationException.class);
      Future<Integer> next = actor.proxy().addLater(1);
      JvmProcess worker = actor.worker().orElseThrow();
      assertThat(worker.isAlive()).isTrue();

      worker.kill();

      assertThatThrownBy(next::get).rootCause().isInstanceOf(WorkerDiedException.class);
      assertThat(certificate(catchThrowable(actor.proxy()::pid)).cause())
          .isEqualTo(DeathCause.KILLED_BY_PARENT);
    } finally {
      begun.destroy();
    }
  }
}
