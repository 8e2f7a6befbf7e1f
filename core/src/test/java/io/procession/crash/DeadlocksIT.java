package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.sync.Deadlock;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Deadlocks over processes are found and described; what dead processes noted of their waits is void.
@SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeadlocksIT {
  private final Base base = Base.now();
  private final SharedLock fork = SharedLock.create("fork");
  private final SharedLock knife = SharedLock.create("knife");
  private final SharedReentrantLock spoon = SharedReentrantLock.create("spoon");

  @AfterEach
  void nothingIsLeft() {
    fork.destroy();
    knife.destroy();
    spoon.destroy();
    base.awaitAgain();
    await().atMost(Deadlines.LONG).until(() -> Session.current().waits().inUse() == 0);
  }

  @Test
  void aCircleOfProcessesIsDescribedAndEndsWithOneOfThem() throws Exception {
    SharedLock itsFork = fork;
    SharedLock itsKnife = knife;
    SharedReentrantLock itsSpoon = spoon;
    try (JvmProcess first =
            JvmProcess.of("first", () -> eat(itsFork, itsKnife, itsKnife::isLocked));
        JvmProcess second =
            JvmProcess.of("second", () -> eat(itsKnife, itsSpoon, itsSpoon::isLocked));
        JvmProcess third =
            JvmProcess.of("third", () -> eat(itsSpoon, itsFork, itsFork::isLocked))) {
      first.start();
      await().atMost(Deadlines.LONG).until(fork::isLocked);
      second.start();
      await().atMost(Deadlines.LONG).until(knife::isLocked);
      assertThat(Deadlock.findAll()).isEmpty(); // a chain, so far
      third.start();
      await().atMost(Deadlines.LONG).until(() -> !Deadlock.findAll().isEmpty());
      List<Deadlock.Wait> circle = Deadlock.findAll().getFirst().circle();
      assertThat(Deadlock.findAll()).hasSize(1);
      assertThat(circle)
          .extracting(Deadlock.Wait::process, Deadlock.Wait::pid, Deadlock.Wait::lock)
          .containsExactlyInAnyOrder(
              tuple("first", first.pid(), "knife"),
              tuple("second", second.pid(), "spoon"),
              tuple("third", third.pid(), "fork"));
      assertThat(circle).extracting(Deadlock.Wait::thread).doesNotContain("");
      int at = circle.stream().map(Deadlock.Wait::process).toList().indexOf("first");
      assertThat(circle.get((at + 1) % 3).process()).as("holds the knife").isEqualTo("second");
      assertThat(Deadlock.findAll().getFirst().toString())
          .contains("deadlock of 3 threads", "first (pid " + first.pid() + ")", "waits for knife");

      second.kill();
      first.join();
      third.join();
      assertThat(first.exitCode()).hasValue(0);
      assertThat(third.exitCode()).hasValue(0);
      assertThat(Deadlock.findAll()).isEmpty();
    }
  }

  @Test
  void aCircleOfThreadsOfBothKindsIsFoundUntilOneGivesUp() throws Exception {
    FutureTask<Void> platform = new FutureTask<>(() -> crossed(fork, spoon, spoon::isLocked), null);
    FutureTask<Void> virtual = new FutureTask<>(() -> crossed(spoon, fork, fork::isLocked), null);
    Thread.ofPlatform().name("platform").start(platform);
    Thread second = Thread.ofVirtual().name("virtual").start(virtual);
    await().atMost(Deadlines.LONG).until(() -> !Deadlock.findAll().isEmpty());
    assertThat(Deadlock.findAll().getFirst().circle())
        .extracting(Deadlock.Wait::thread)
        .containsExactlyInAnyOrder("platform", "virtual");
    second.interrupt();
    assertThatThrownBy(() -> virtual.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
        .hasRootCauseInstanceOf(InterruptedException.class);
    platform.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(Deadlock.findAll()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"WAIT_CLAIMED", "WAIT_NOTED", "WAIT_FORGOTTEN"})
  void notesOfTheDeadAreVoid(FailPoint point) throws Exception {
    SharedLock itsFork = fork;
    fork.lock();
    Doomed.dieAt(
        point,
        1,
        () -> {
          boolean taken = itsFork.tryLock(100, TimeUnit.MILLISECONDS);
          throw new AssertionError("lives, taken=" + taken);
        });
    assertThat(Deadlock.findAll()).isEmpty();
    fork.unlock();
  }

  /// Its child's notes are half buried; who buries it does the rest.
  @ParameterizedTest
  @EnumSource(names = "WAIT_BURIED")
  void whoDiesBuryingIsBuriedWithThem(FailPoint point) throws Exception {
    SharedLock itsFork = fork;
    fork.lock();
    Doomed.dieAt(
        point,
        1,
        () -> {
          try (JvmProcess child = JvmProcess.of("child", () -> itsFork.lock())) {
            child.start();
            await().atMost(Deadlines.LONG).until(() -> Session.current().waits().inUse() == 1);
            child.kill();
            child.join();
          }
        });
    fork.unlock();
  }

  private static void eat(Lock left, Lock right, BooleanSupplier rightIsTaken) {
    left.lock();
    while (!rightIsTaken.getAsBoolean()) {
      Thread.onSpinWait();
    }
    right.lock();
    right.unlock();
    left.unlock();
  }

  private static void crossed(Lock left, Lock right, BooleanSupplier rightIsTaken) {
    left.lock();
    try {
      while (!rightIsTaken.getAsBoolean()) {
        Thread.onSpinWait();
      }
      right.lockInterruptibly();
      right.unlock();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      left.unlock();
    }
  }
}
