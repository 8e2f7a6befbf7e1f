package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellLayout;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An object that one process destroys while another is at work on it, in all orders of their steps:
/// whoever has its memory next finds it as it was left, and the late one is told.
@SuppressWarnings({
  "LockNotBeforeTry", // whoever is told gives nothing back
  "WaitNotInLoop"
})
@Tag("model")
class StaleReferenceModelTest {
  private static final byte PATTERN = 0x5A;

  /// What is done with an object of some kind.
  enum Subject {
    LOCK(CellKind.LOCK) {
      @Override
      void setUp(Session session, CellRef ref) {
        LockWord.create(session, ref);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        SharedLock lock = SharedLock.attach(self, ref);
        return new Use(
            () -> {
              lock.lock();
              lock.unlock();
            },
            lock::destroy,
            lock::close);
      }
    },
    REENTRANT_LOCK(CellKind.REENTRANT_LOCK) {
      @Override
      void setUp(Session session, CellRef ref) {
        ReentrantLockWord.create(session, ref);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        SharedReentrantLock lock = SharedReentrantLock.attach(self, ref);
        return new Use(
            () -> {
              lock.lock();
              lock.lock();
              lock.unlock();
              lock.unlock();
            },
            lock::destroy,
            lock::close);
      }
    },
    SEMAPHORE(CellKind.SEMAPHORE) {
      @Override
      void setUp(Session session, CellRef ref) {
        new Permits(session, ref, false).setUp(1, Integer.MAX_VALUE);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        SharedSemaphore semaphore = SharedSemaphore.attach(self, ref);
        return new Use(
            () -> {
              semaphore.tryAcquire();
              semaphore.tryAcquire(1, 0, TimeUnit.NANOSECONDS);
              semaphore.release();
            },
            semaphore::destroy,
            semaphore::close);
      }
    },
    OWNED_SEMAPHORE(CellKind.OWNED_SEMAPHORE) {
      @Override
      void setUp(Session session, CellRef ref) {
        OwnedSemaphoreWord.create(session, ref, 1);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        OwnedSemaphore semaphore = OwnedSemaphore.attach(self, ref);
        return new Use(
            () -> {
              semaphore.tryAcquire();
              semaphore.release();
            },
            semaphore::destroy,
            semaphore::close);
      }
    },
    CONDITION(CellKind.CONDITION) {
      @Override
      void setUp(Session session, CellRef ref) {
        Directory directory = session.directory();
        CellRef lock = directory.ref(directory.allocate(CellKind.LOCK, "of the condition"));
        LockWord.create(session, lock);
        new ConditionWord(session, ref.cell()).setLock(lock, SharedLock.KIND);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        SharedCondition condition = SharedCondition.attach(self, ref);
        return new Use(
            () -> {
              condition.lock().lock();
              try {
                condition.awaitNanos(0);
                condition.signal();
              } finally {
                condition.lock().unlock();
              }
            },
            condition::destroy,
            condition::close);
      }
    },
    EVENT(CellKind.EVENT) {
      @Override
      void setUp(Session session, CellRef ref) {}

      @Override
      Use attach(Session self, CellRef ref) {
        SharedEvent event = SharedEvent.attach(self, ref);
        return new Use(
            () -> {
              event.set();
              event.clear();
            },
            event::destroy,
            event::close);
      }
    },
    BARRIER(CellKind.BARRIER) {
      @Override
      void setUp(Session session, CellRef ref) {
        int unit = session.units().allocate(ref.cell(), ProcessTable.UNITS);
        BarrierWord.create(session, ref, 2, unit, 0);
      }

      @Override
      Use attach(Session self, CellRef ref) {
        SharedBarrier barrier = SharedBarrier.attach(self, ref);
        return new Use(
            () -> {
              try {
                barrier.await(0, TimeUnit.NANOSECONDS);
                fail("nobody else has come");
              } catch (TimeoutException | BrokenBarrierException e) {
                barrier.reset();
              }
            },
            barrier::destroy,
            barrier::close);
      }
    };

    final CellKind kind;

    Subject(CellKind kind) {
      this.kind = kind;
    }

    abstract void setUp(Session session, CellRef ref);

    abstract Use attach(Session self, CellRef ref);
  }

  /// An object as one process has it.
  record Use(Run.Role role, Runnable destroy, Runnable close) {}

  /// With a set of users, and without one, as when the session has no more.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whoComesLateIsToldAndTouchesNothing(boolean hasUsers) throws Exception {
    for (Subject subject : Subject.values()) {
      assertThat(check(subject, hasUsers)).as("runs of %s", subject).isGreaterThan(100);
    }
  }

  private static int check(Subject subject, boolean hasUsers) throws Exception {
    return Model.check(
        2,
        0,
        run -> {
          Session root = run.arena().root();
          Directory directory = root.directory();
          CellRef ref = directory.ref(directory.allocate(subject.kind, "stale"));
          subject.setUp(root, ref);
          if (hasUsers) {
            root.holdings().send(ref, subject.kind);
          } else {
            directory.markSent(ref);
          }
          int others = directory.inUse() - 1;
          Session late = run.arena().enroll("late");
          Use its = subject.attach(late, ref);
          Use ours = subject.attach(root, ref);
          MemorySegment[] body = new MemorySegment[1];
          CellRef[] stranger = new CellRef[1];
          run.actor(
              "late",
              () -> {
                try {
                  its.role.play();
                } catch (IllegalStateException e) {
                  assertThat(e).hasMessageContaining("destroyed");
                }
              });
          run.actor(
              "root",
              () -> {
                ours.destroy.run();
                root.holdings().letGo(ref);
                stranger[0] = directory.ref(directory.allocate(CellKind.LAUNCH, "stranger"));
                body[0] =
                    root.memory()
                        .asSlice(Directory.body(stranger[0].cell()), CellLayout.BODY_BYTES);
                body[0].fill(PATTERN);
              });
          return () -> {
            assertThat(body[0].toArray(ValueLayout.JAVA_BYTE)).containsOnly(PATTERN);
            its.close.run();
            assertThat(root.directory().free(stranger[0])).isTrue();
            assertThat(root.directory().inUse()).isEqualTo(hasUsers ? others : others + 1);
            assertThat(root.directory().userSetsInUse()).isZero();
          };
        });
  }

  /// Some locks are part of what is guarded by itself, and have no set of users: a ring's two. There the
  /// marks of the lock's words keep who comes late from what is another's.
  @Test
  void whoWaitsForALockThatNobodyKeepsTouchesNothing() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Session root = run.arena().root();
              Directory directory = root.directory();
              CellRef ref = directory.ref(directory.allocate(CellKind.LOCK, "stale"));
              LockWord ours = LockWord.create(root, ref);
              assertThat(ours.tryAcquire()).isTrue();
              Session late = run.arena().enroll("late");
              LockWord its = LockWord.attach(late, ref);
              MemorySegment[] body = new MemorySegment[1];
              CellRef[] stranger = new CellRef[1];
              run.actor(
                  "late", () -> assertThat(its.acquireUninterruptibly()).isEqualTo(LockWord.GONE));
              run.actor(
                  "root",
                  () -> {
                    assertThat(directory.free(ref)).isTrue();
                    stranger[0] = directory.ref(directory.allocate(CellKind.LAUNCH, "stranger"));
                    body[0] =
                        root.memory()
                            .asSlice(Directory.body(stranger[0].cell()), CellLayout.BODY_BYTES);
                    body[0].fill(PATTERN);
                    ours.wakeAll();
                  });
              return () -> {
                assertThat(stranger[0].cell()).as("the same cell").isEqualTo(ref.cell());
                assertThat(body[0].toArray(ValueLayout.JAVA_BYTE)).containsOnly(PATTERN);
                assertThat(root.directory().free(stranger[0])).isTrue();
              };
            });
    assertThat(runs).isGreaterThan(10);
  }
}
