package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.queue.JoinableQueue;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the guide's chapter of programming guidelines claims and no other test shows.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GuidelinesIT {
  private static final String PROPERTY = "procession.test.guideline";

  private final SharedQueue<Object> answers = Procession.queue();
  private final SharedEvent told = Procession.event();
  private final SharedEvent never = Procession.event();

  /// What tasks use without capturing it: in a child the initialiser has run again.
  private static final class Globals {
    static final SharedLock LOCK = SharedLock.create("global");
    static int count = 1;
  }

  /// Some ways to end a process, from gentle to brutal.
  enum End {
    STOP(-15, 0) {
      @Override
      void end(JvmProcess process) {
        process.stop();
      }
    },
    TERMINATE(-15, 1) {
      @Override
      void end(JvmProcess process) {
        process.terminate();
      }
    },
    KILL(-9, 1) {
      @Override
      void end(JvmProcess process) {
        process.kill();
      }
    };

    private final int exitCode;
    private final int locksOfTheDead;

    End(int exitCode, int locksOfTheDead) {
      this.exitCode = exitCode;
      this.locksOfTheDead = locksOfTheDead;
    }

    abstract void end(JvmProcess process);
  }

  @AfterEach
  void destroy() {
    answers.destroy();
    told.destroy();
    never.destroy();
  }

  @Test
  void staticFieldsAndPropertiesOfAChildAreItsOwn() throws Exception {
    var out = answers;
    SharedLock passed = Globals.LOCK;
    Globals.count = 5;
    System.setProperty(PROPERTY, "set");
    passed.lock();
    try {
      end(
          Procession.start(() -> {
            out.put(Globals.count);
            Globals.count = 7;
            out.put(Globals.LOCK.tryLock());
            Globals.LOCK.unlock();
            out.put(passed.tryLock());
            out.put(System.getProperty(PROPERTY) == null);
          }));
    } finally {
      passed.unlock();
      System.clearProperty(PROPERTY);
    }
    assertThat(answers())
        .as("the count, its own lock, the one it was given, no property")
        .containsExactly(1, true, false, true);
    assertThat(Globals.count).isEqualTo(5);
    passed.destroy();
  }

  @Test
  void whatATaskCapturesIsACopyOfThatMoment() throws Exception {
    var out = answers;
    List<String> words = new ArrayList<>(List.of("before"));
    JvmProcess child =
        Procession.start(() -> {
          words.add("in the child");
          out.put(words);
        });
    words.add("later");
    end(child);
    assertThat(words).containsExactly("before", "later");
    assertThat(answers()).containsExactly(List.of("before", "in the child"));
  }

  @Test
  void queueThatAChildHasGoesOnWhenItsMakerHasClosedIt() throws Exception {
    var out = answers;
    var closed = told;
    SharedQueue<String> queue = Procession.queue();
    queue.put("before");
    JvmProcess child =
        Procession.start(() -> {
          closed.await();
          queue.put("after");
          out.put(queue.take() + " " + queue.take());
          queue.destroy();
        });
    queue.close();
    assertThatIllegalStateException().isThrownBy(() -> queue.put("here no more"));
    closed.set();
    end(child);
    assertThat(answers()).containsExactly("before after");
  }

  @Test
  void queueThatAChildHasGoesOnWhenItsMakerHasLostIt() throws Exception {
    List<JvmProcess> child = new ArrayList<>();
    WeakReference<?> lost = startWithTheOnlyQueue(child);
    int cells = Session.current().directory().inUse();
    loseSomeThatNobodyElseHas();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          System.gc();
          return lost.refersTo(null) && Session.current().directory().inUse() <= cells;
        });
    told.set();
    end(child.getFirst());
    assertThat(answers()).containsExactly("before after");
  }

  private WeakReference<?> startWithTheOnlyQueue(List<JvmProcess> child) throws Exception {
    var out = answers;
    var lost = told;
    SharedQueue<String> queue = Procession.queue();
    queue.put("before");
    child.add(
        Procession.start(() -> {
          lost.await();
          queue.put("after");
          out.put(queue.take() + " " + queue.take());
          queue.destroy();
        }));
    return new WeakReference<>(queue);
  }

  private static void loseSomeThatNobodyElseHas() {
    for (int i = 0; i < 10; i++) {
      Procession.<String>queue().add("x");
    }
  }

  @Test
  void queueIsDestroyedForAChildThatWaitsInIt() throws Exception {
    var out = answers;
    var waits = told;
    SharedQueue<String> queue = Procession.queue();
    JvmProcess child =
        Procession.start(() -> {
          waits.set();
          try {
            queue.take();
          } catch (IllegalStateException e) {
            out.put("told");
          }
        });
    waits.await();
    queue.destroy();
    end(child);
    assertThat(answers()).containsExactly("told");
  }

  @Test
  void inputThatReplacesSystemInStaysInItsProcess() throws Exception {
    var out = answers;
    InputStream before = System.in;
    var closed = new AtomicBoolean();
    InputStream mine =
        new ByteArrayInputStream("mine".getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    System.setIn(mine);
    try {
      end(Procession.start(() -> out.put(System.in.read())));
      assertThat(answers()).as("the child's is empty").containsExactly(-1);
      assertThat(System.in).isSameAs(mine);
      assertThat(mine.available()).as("nothing of it was read").isEqualTo(4);
      assertThat(closed).isFalse();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void childThatReplacesSystemInIsReachedAsBefore() throws Exception {
    assumeThat(Path.of("/proc/self")).as("the kernel shows its processes").exists();
    var out = answers;
    var ever = never;
    JvmProcess child =
        Procession.start(() -> {
          System.in.close();
          System.setIn(new ByteArrayInputStream("mine".getBytes(StandardCharsets.UTF_8)));
          JvmProcess grandchild = Procession.start(() -> out.put(System.in.read()));
          grandchild.join();
          out.put(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
          System.in.close();
          out.put(Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString());
          ever.await();
        });
    assertThat(answer()).as("a grandchild's is empty").isEqualTo(-1);
    assertThat(answer()).isEqualTo("mine");
    assertThat(answer()).isEqualTo("/dev/null");
    child.stop(); // which goes by a pipe of ours
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(-15);
  }

  @Test
  void programThatInheritsTheInputOfAChildHasNothingOfOurs() throws Exception {
    assumeThat(Path.of("/proc/self")).as("the kernel shows its processes").exists();
    var out = answers;
    var ever = never;
    JvmProcess child =
        Procession.start(() -> {
          Process reader = new ProcessBuilder("cat").inheritIO().start();
          boolean hasEnded = reader.waitFor(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
          out.put(hasEnded ? reader.exitValue() : "reads on");
          Process lister = new ProcessBuilder("ls", "/proc/self/fd").start();
          out.put(new String(lister.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
          ever.await();
        });
    assertThat(answer()).isEqualTo(0);
    assertThat(answer()).as("3 is the folder that is listed").isEqualTo("0\n1\n2\n3\n");
    child.stop();
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).as("it heard of it").hasValue(-15);
  }

  @ParameterizedTest
  @EnumSource
  void othersGoOnWithWhatAProcessUsedThatWas(End way) throws Exception {
    var ready = told;
    var ever = never;
    SharedLock lock = SharedLock.create("used");
    SharedQueue<String> queue = Procession.queue();
    SharedBarrier met = Procession.barrier(2);
    JoinableQueue<String> tasks = Procession.joinableQueue();
    OwnedSemaphore owned = Procession.ownedSemaphore(2);
    SharedSemaphore plain = Procession.semaphore(1);
    var finallyRan = Procession.rawValue(false);
    var hooksRan = Procession.rawValue(false);
    tasks.put("begun");
    JvmProcess user =
        Procession.start(() -> {
          Procession.atExit(() -> hooksRan.set(true));
          Thread party = new Thread(() -> meet(met));
          party.start();
          queue.put("whole");
          tasks.take();
          owned.acquire(2);
          plain.acquire();
          lock.lock();
          try {
            ready.set();
            ever.await();
          } finally {
            lock.unlock();
            plain.release();
            finallyRan.set(true);
          }
        });
    ready.await();
    await().atMost(Deadlines.LONG).until(() -> met.waiting() == 1);

    way.end(user);

    assertThat(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    lock.unlock();
    assertThat(lock.ownerDeaths()).isEqualTo(way.locksOfTheDead);
    assertThat(user.join(Deadlines.LONG)).isTrue();
    assertThat(user.exitCode()).hasValue(way.exitCode);
    assertThatExceptionOfType(BrokenBarrierException.class)
        .isThrownBy(() -> met.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
    queue.put("more");
    assertThat(List.of(queue.take(), queue.take())).containsExactly("whole", "more");
    assertThat(tasks.join(Deadlines.LONG)).as("its task counts as finished").isTrue();
    assertThat(owned.tryAcquire(2, Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(plain.tryAcquire()).as("its permit was released").isEqualTo(way == End.STOP);
    assertThat(finallyRan.get()).as("finally block ran").isEqualTo(way == End.STOP);
    assertThat(hooksRan.get()).as("exit hooks ran").isNotEqualTo(way == End.KILL);
    lock.destroy();
    queue.destroy();
    met.destroy();
    tasks.destroy();
    owned.destroy();
    plain.destroy();
    finallyRan.destroy();
    hooksRan.destroy();
  }

  private static void meet(SharedBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void processThatHasEndedIsReapedThoughNobodyJoinsIt() throws Exception {
    assumeThat(Path.of("/proc/self")).as("the kernel shows its processes").exists();
    JvmProcess child = Procession.start(() -> {});
    await().atMost(Deadlines.LONG).until(() -> !child.isAlive());
    assertThat(Files.exists(Path.of("/proc/" + child.pid()))).as("a zombie").isFalse();
    await().atMost(Deadlines.LONG).until(() -> !Procession.activeChildren().contains(child));
    child.join();
    child.join();
    assertThat(child.exitCode()).hasValue(0);
  }

  /// Has a field that cannot be sent, and so cannot be sent itself.
  private static final class Service {
    private final StringWriter log = new StringWriter();
    private final int port;

    Service(int port) {
      this.port = port;
    }

    JvmProcess careless() {
      return Procession.process(() -> System.exit(port));
    }

    JvmProcess careful() {
      int number = port;
      return Procession.process(() -> System.exit(number));
    }

    @Override
    public String toString() {
      return log + ":" + port;
    }
  }

  @Test
  void lambdaThatUsesAFieldCapturesItsObject() throws Exception {
    var service = new Service(80);
    JvmProcess careless = service.careless();
    assertThatExceptionOfType(NotSendableException.class)
        .isThrownBy(careless::start)
        .withMessageContaining(
            "captured variable this (argument 1, " + Service.class.getTypeName() + ")")
        .withMessageContaining(" of the lambda at GuidelinesIT.java:");
    JvmProcess careful = service.careful();
    careful.start();
    assertThat(careful.join(Deadlines.LONG)).isTrue();
    assertThat(careful.exitCode()).hasValue(80);
  }

  private void end(JvmProcess child) throws InterruptedException {
    assertThat(child.join(Deadlines.LONG)).isTrue();
    assertThat(child.exitCode()).hasValue(0);
  }

  private Object answer() throws InterruptedException {
    Object answer = answers.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(answer).isNotNull();
    return answer == null ? "" : answer;
  }

  private List<Object> answers() {
    List<Object> all = new ArrayList<>();
    answers.drainTo(all);
    return all;
  }
}
