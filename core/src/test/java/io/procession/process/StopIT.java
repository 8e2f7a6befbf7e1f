package io.procession.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Connection;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import io.procession.pool.AsyncResult;
import io.procession.pool.ProcessPool;
import io.procession.pool.ResultIterator;
import io.procession.queue.BufferedQueue;
import io.procession.queue.JoinableQueue;
import io.procession.queue.PipeQueue;
import io.procession.queue.SharedQueue;
import io.procession.queue.SimpleQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a process can be asked while it runs.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StopIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void stopEndsEveryWaitOfTheLibraryAndFinallyBlocksCanUseAll() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess process = JvmProcess.of(() -> waitInEveryWay(far));
      process.start();
      int waits = requireNonNull((Integer) pipe.first().recv());
      process.stop();
      Set<String> heard = new TreeSet<>();
      for (int i = 0; i < waits; i++) {
        heard.add(requireNonNull((String) pipe.first().recv()));
      }
      assertThat(heard)
          .containsExactlyInAnyOrder(
              "lock",
              "lock interruptibly",
              "reentrant lock",
              "condition",
              "deaf condition",
              "semaphore",
              "deaf semaphore",
              "owned semaphore",
              "event",
              "deaf event",
              "barrier",
              "recv",
              "awaitAny",
              "join",
              "socket",
              "interrupted sleep",
              "full queue",
              "empty queue",
              "poll with a limit",
              "open tasks",
              "pipe queue",
              "simple queue",
              "buffered queue",
              "message with a limit",
              "result",
              "deaf result",
              "map",
              "next result");
      assertThat(process.join(LONG)).isTrue();
      assertStopped(process);
    }
  }

  /// Each way of waiting in a thread of its own, which tells by what it was ended.
  private static void waitInEveryWay(Connection report) throws Exception {
    SharedLock held = SharedLock.create();
    SharedReentrantLock reentrant = SharedReentrantLock.create();
    SharedSemaphore none = SharedSemaphore.create(0);
    OwnedSemaphore all = OwnedSemaphore.create(1);
    SharedEvent never = SharedEvent.create();
    SharedBarrier two = SharedBarrier.create(2);
    Pipe silent = Pipe.duplex();
    Listener listener = Listener.open();
    JvmProcess child = JvmProcess.of(StopIT::sleep);
    child.start();
    held.lock();
    reentrant.lock();
    all.acquire();
    Map<String, SerializableRunnable> waits = new LinkedHashMap<>();
    waits.put("lock", held::lock);
    waits.put("lock interruptibly", held::lockInterruptibly);
    waits.put("reentrant lock", reentrant::lock);
    waits.put("condition", () -> awaitSignal(false));
    waits.put("deaf condition", () -> awaitSignal(true));
    waits.put("semaphore", none::acquire);
    waits.put("deaf semaphore", none::acquireUninterruptibly);
    waits.put("owned semaphore", all::acquire);
    waits.put("event", never::await);
    waits.put("deaf event", never::awaitUninterruptibly);
    waits.put("barrier", two::await);
    waits.put("recv", () -> silent.first().recv());
    waits.put("awaitAny", () -> Waitable.awaitAny(List.of(silent.second(), child)));
    waits.put("join", child::join);
    waits.put("socket", listener::accept);
    waits.put("interrupted sleep", StopIT::sleepUntilInterrupted);
    putWaitsOfQueues(waits, silent);
    putWaitsOfAPool(waits, never);
    CountDownLatch begun = new CountDownLatch(waits.size());
    List<Thread> threads = new ArrayList<>();
    for (Map.Entry<String, SerializableRunnable> wait : waits.entrySet()) {
      Thread thread =
          new Thread(() -> {
            begun.countDown();
            String ended = "returned from ";
            try {
              wait.getValue().run();
            } catch (ProcessExit e) {
              ended = "";
            } catch (Exception e) {
              ended = e + " from ";
            } finally {
              tell(report, ended + wait.getKey());
            }
          });
      thread.start();
      threads.add(thread);
    }
    begun.await();
    report.send(waits.size());
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void putWaitsOfQueues(Map<String, SerializableRunnable> waits, Pipe silent)
      throws Exception {
    SharedQueue<Integer> full = SharedQueue.create(1);
    full.put(1);
    waits.put("full queue", () -> full.put(2));
    SharedQueue<Integer> empty = SharedQueue.create();
    waits.put("empty queue", empty::take);
    waits.put("poll with a limit", () -> empty.poll(1, TimeUnit.HOURS));
    JoinableQueue<Integer> open = JoinableQueue.create();
    open.put(1);
    waits.put("open tasks", open::join);
    PipeQueue<Integer> pipe = PipeQueue.create();
    waits.put("pipe queue", pipe::take);
    SimpleQueue<Integer> simple = SimpleQueue.create();
    waits.put("simple queue", simple::take);
    BufferedQueue<Integer> buffered = BufferedQueue.create();
    waits.put("buffered queue", buffered::take);
    waits.put("message with a limit", () -> silent.second().poll(Duration.ofHours(1)));
  }

  private static void putWaitsOfAPool(Map<String, SerializableRunnable> waits, SharedEvent never) {
    ProcessPool pool = ProcessPool.open(1); // which ends with the process
    AsyncResult<Integer> result = pool.applyAsync(() -> waitFor(never, 0));
    waits.put("result", result::get);
    waits.put("deaf result", result::join);
    waits.put("map", () -> pool.map(x -> waitFor(never, x), List.of(1)));
    ResultIterator<Integer> results = pool.imap(x -> waitFor(never, x), List.of(1));
    waits.put("next result", results::next);
  }

  private static int waitFor(SharedEvent event, int result) throws InterruptedException {
    event.await();
    return result;
  }

  private static void tell(Connection report, String what) {
    try {
      synchronized (report) {
        report.send(what);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitSignal(boolean deaf) throws InterruptedException {
    SharedReentrantLock lock = SharedReentrantLock.create();
    SharedCondition condition = lock.newCondition();
    lock.lock();
    try {
      while (deaf) {
        condition.awaitUninterruptibly();
      }
      while (!deaf) {
        condition.await();
      }
    } finally {
      lock.unlock(); // it has the lock again, or this fails
    }
  }

  private static void sleepUntilInterrupted() {
    try {
      Thread.sleep(LONG);
    } catch (InterruptedException e) {
      JvmProcess.checkExit(); // throws
    }
  }

  @Test
  void stoppedProcessEndsAtOnceInSilenceWithItsHooks() throws Exception {
    String file = folder.resolve("notes").toString();
    JvmProcess process =
        JvmProcess.of(() -> {
          ExitHook.add(ExitHook.USER, () -> note(file, "hook"));
          try {
            note(file, "begun");
            sleep();
          } finally {
            note(file, "finally");
          }
        });
    process.start();
    awaitNote(file, "begun");
    process.stop();
    process.stop();
    assertThat(process.join(LONG)).isTrue();
    assertStopped(process);
    assertThat(process).hasToString("JvmProcess[" + process.name() + ", stopped[SIGTERM]]");
    assertThat(Files.readString(Path.of(file))).isEqualTo("begun\nfinally\nhook\n");
    process.stop(); // has ended: nothing
  }

  @Test
  void threadThatComputesNoticesWhereItAsks() throws Exception {
    String file = folder.resolve("notes").toString();
    JvmProcess process =
        JvmProcess.of(() -> {
          note(file, "begun");
          try {
            while (true) {
              JvmProcess.checkExit();
            }
          } catch (ProcessExit e) {
            note(file, "noticed");
            throw e;
          }
        });
    process.start();
    awaitNote(file, "begun");
    process.stop();
    assertThat(process.join(LONG)).isTrue();
    assertStopped(process);
    assertThat(Files.readString(Path.of(file))).isEqualTo("begun\nnoticed\n");
  }

  @Test
  void threadThatHearsNothingHasTwoSeconds() throws Exception {
    String file = folder.resolve("notes").toString();
    JvmProcess process =
        JvmProcess.of(() -> {
          ExitHook.add(ExitHook.USER, () -> note(file, "hook"));
          note(file, "begun");
          while (true) {
            Thread.onSpinWait();
          }
        });
    process.start();
    awaitNote(file, "begun");
    long asked = System.nanoTime();
    process.stop();
    assertThat(process.join(LONG)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(1900));
    assertStopped(process);
    assertThat(Files.readString(Path.of(file))).isEqualTo("begun\nhook\n");
  }

  @Test
  void processThatIsStoppedBeforeItsTaskDoesNotBeginIt() throws Exception {
    String file = folder.resolve("notes").toString();
    JvmProcess process;
    int late = 0;
    do { // until the stop came before the task
      Files.deleteIfExists(Path.of(file));
      process = JvmProcess.of(() -> note(file, "begun"));
      process.start();
      process.stop();
      assertThat(process.join(LONG)).isTrue();
    } while (Files.exists(Path.of(file)) && ++late < 20);
    assertThat(late).as("tasks that were begun all the same").isLessThan(20);
    assertStopped(process);
  }

  @Test
  void interruptReachesTheTask() throws Exception {
    String file = folder.resolve("notes").toString();
    JvmProcess process =
        JvmProcess.of(() -> {
          for (int i = 0; i < 2; i++) {
            try {
              sleep();
            } catch (InterruptedException e) {
              note(file, "interrupted");
            }
          }
        });
    process.start();
    process.interrupt(); // before the task: not lost
    awaitNote(file, "interrupted\n");
    process.interrupt();
    assertThat(process.join(LONG)).isTrue();
    assertThat(process.exitCode()).hasValue(0);
    assertThat(Files.readString(Path.of(file))).isEqualTo("interrupted\ninterrupted\n");
  }

  @Test
  void nothingIsStoppedBeforeItsStart() {
    JvmProcess process = JvmProcess.of("young", () -> {});
    assertThatThrownBy(process::stop)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the process was not started: process=young");
    JvmProcess.checkExit(); // nobody can ask the first process
  }

  private static void assertStopped(JvmProcess process) {
    assertThat(process.exitCode()).hasValue(-15);
    DeathCertificate certificate = process.certificate().orElseThrow();
    assertThat(certificate.signal()).isEqualTo("SIGTERM");
    assertThat(certificate.sentence()).endsWith("was stopped by its parent");
  }

  private static void sleep() throws InterruptedException {
    Thread.sleep(LONG);
  }

  private static void note(String file, String what) {
    Notes.add(file, what);
  }

  private static void awaitNote(String file, String what) {
    await()
        .atMost(Deadlines.LONG)
        .until(() -> Files.exists(Path.of(file)) && Files.readString(Path.of(file)).contains(what));
  }
}
