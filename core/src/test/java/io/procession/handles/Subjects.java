package io.procession.handles;

import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedStructArray;
import io.procession.shared.SharedValue;
import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// Every type of `sync` and `shared`.
final class Subjects {
  static final List<Subject<?>> ALL =
      List.of(
          lock(),
          reentrantLock(),
          semaphore(),
          boundedSemaphore(),
          ownedSemaphore(),
          condition(),
          event(),
          barrier(),
          memory("SharedMemory without a name", () -> SharedMemory.create(100)),
          memory(
              "SharedMemory with a name",
              () ->
                  SharedMemory.create(
                      "handles-" + ProcessHandle.current().pid() + "-" + System.nanoTime(), 100)),
          list(),
          Subject.locked(
              "SharedValue",
              () -> SharedValue.of(0),
              SharedValue::set,
              it -> it.raw(),
              SharedValue::get),
          array("SharedArray", () -> SharedArray.create(ElementType.INT, 3)),
          array("slice of a SharedArray", () -> SharedArray.create(ElementType.INT, 9).slice(5, 2)),
          array(
              "SharedArray synchronizedOn a SharedLock",
              () -> SharedArray.raw(ElementType.INT, 3).synchronizedOn(SharedLock.create())),
          Subject.locked(
              "SharedStruct of a record",
              () -> SharedStruct.of(new Pair(0, 0)),
              (it, number) -> it.set(new Pair(number, number)),
              SharedStruct::raw,
              it -> (int) it.get().second()),
          Subject.locked(
              "SharedStruct of a layout, with a given lock",
              () -> SharedStruct.create(layout(), SharedReentrantLock.create()),
              (it, number) -> it.set("number", number),
              SharedStruct::raw,
              it -> (int) it.get("number")),
          Subject.locked(
              "SharedStructArray",
              () -> SharedStructArray.create(Pair.class, 3),
              (it, number) -> it.element(2).set("first", number),
              SharedStructArray::raw,
              it -> it.get(2).first()));

  private Subjects() {}

  record Pair(int first, long second) implements Serializable {}

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("missing: " + what);
    }
  }

  static boolean isFree(Lock lock) {
    boolean taken = lock.tryLock();
    if (taken) {
      lock.unlock();
    }
    return taken;
  }

  static boolean isRefused(Runnable action) {
    try {
      action.run();
      return false;
    } catch (IllegalStateException | IllegalMonitorStateException _) {
      return true;
    }
  }

  private static Subject<SharedLock> lock() {
    return new Subject<>(
        "SharedLock",
        SharedLock::create,
        SharedLock::lock,
        it -> it.isLocked() && !it.isHeldByCurrentThread() && !it.tryLock(),
        (first, second) -> {
          require(second.isHeldByCurrentThread(), "the hold of the first");
          require(isRefused(second::lock), "the refusal to lock again");
          second.unlock();
          require(!first.isLocked(), "the release by the second");
        },
        Subjects::isFree,
        SharedLock::destroy);
  }

  @SuppressWarnings("LockNotBeforeTry") // which hold is given up through which is tested
  private static Subject<SharedReentrantLock> reentrantLock() {
    return new Subject<>(
        "SharedReentrantLock",
        SharedReentrantLock::create,
        SharedReentrantLock::lock,
        it -> it.isLocked() && !it.isHeldByCurrentThread() && !it.tryLock(),
        (first, second) -> {
          second.lock();
          first.unlock();
          require(second.isHeldByCurrentThread(), "one of two holds");
          second.unlock();
          require(!first.isLocked(), "the release by the second");
        },
        Subjects::isFree,
        SharedReentrantLock::destroy);
  }

  private static Subject<SharedSemaphore> semaphore() {
    return new Subject<>(
        "SharedSemaphore",
        () -> SharedSemaphore.create(1),
        SharedSemaphore::acquire,
        it -> it.availablePermits() == 0,
        (first, second) -> {
          second.release(3);
          require(first.availablePermits() == 3, "the permits from the second");
        },
        it -> it.availablePermits() == 3,
        SharedSemaphore::destroy);
  }

  private static Subject<BoundedSharedSemaphore> boundedSemaphore() {
    return new Subject<>(
        "BoundedSharedSemaphore",
        () -> BoundedSharedSemaphore.create(1),
        BoundedSharedSemaphore::acquire,
        it -> it.availablePermits() == 0,
        (first, second) -> {
          second.release();
          require(isRefused(first::release), "the bound");
        },
        it -> it.availablePermits() == 1 && isRefused(it::release),
        BoundedSharedSemaphore::destroy);
  }

  private static Subject<OwnedSemaphore> ownedSemaphore() {
    return new Subject<>(
        "OwnedSemaphore",
        () -> OwnedSemaphore.create(3),
        it -> it.acquire(2),
        it -> it.availablePermits() == 1 && it.heldPermits() == 0 && isRefused(it::release),
        (first, second) -> {
          require(second.heldPermits() == 2, "the permits of the first");
          second.release(2);
          require(first.heldPermits() == 0, "the release by the second");
        },
        it -> it.availablePermits() == 3,
        OwnedSemaphore::destroy);
  }

  @SuppressWarnings("WaitNotInLoop") // the signal is what is tested
  private static Subject<SharedCondition> condition() {
    return new Subject<>(
        "SharedCondition",
        () -> SharedReentrantLock.create().newCondition(),
        it -> {
          it.lock().lock();
          require(it.await(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS), "the signal");
        },
        it -> {
          boolean free = it.lock().tryLock(); // the other may be on its way, or wait, or have ended
          if (free) {
            it.signal();
            it.lock().unlock();
          }
          return free;
        },
        (first, second) -> {
          second.signalAll(); // with the lock that was taken through the first
          second.lock().unlock();
          require(isRefused(first::signalAll), "the release by the second");
        },
        it -> isFree(it.lock()),
        it -> {
          it.destroy();
          ((SharedReentrantLock) it.lock()).destroy();
        });
  }

  private static Subject<SharedEvent> event() {
    return new Subject<>(
        "SharedEvent",
        SharedEvent::create,
        SharedEvent::set,
        SharedEvent::isSet,
        (first, second) -> {
          second.clear();
          require(!first.isSet(), "the clearing by the second");
        },
        it -> !it.isSet(),
        SharedEvent::destroy);
  }

  private static Subject<SharedBarrier> barrier() {
    return new Subject<>(
        "SharedBarrier",
        () -> SharedBarrier.create(2),
        it -> {
          it.await(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS);
        },
        it -> it.waiting() == 1 && it.await(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS) == 0,
        (first, second) -> {
          second.abort();
          require(first.isBroken(), "the abort by the second");
        },
        SharedBarrier::isBroken,
        SharedBarrier::destroy);
  }

  private static Subject<SharedMemory> memory(String name, Subject.Make<SharedMemory> make) {
    return new Subject<>(
        name,
        make,
        it -> it.segment().set(ValueLayout.JAVA_INT, 96, 7),
        it -> it.segment().get(ValueLayout.JAVA_INT, 96) == 7,
        (first, second) -> {
          second.segment().set(ValueLayout.JAVA_INT, 0, 8);
          require(first.segment().get(ValueLayout.JAVA_INT, 0) == 8, "what the second has written");
        },
        it -> it.segment().get(ValueLayout.JAVA_INT, 0) == 8,
        it -> {
          it.unlink();
          it.close();
        });
  }

  private static Subject<ShareableList> list() {
    return new Subject<>(
        "ShareableList",
        () -> ShareableList.of("zero", 1, null),
        it -> it.set(2, 7),
        it -> it.contains(7),
        (first, second) -> {
          second.set(0, "again");
          require(first.equals(second) && first.contains("again"), "the element of the second");
        },
        it -> it.contains("again"),
        ShareableList::unlink);
  }

  private static Subject<SharedArray<Integer>> array(
      String name, Subject.Make<SharedArray<Integer>> make) {
    return Subject.locked(
        name, make, (it, number) -> it.setInt(1, number), SharedArray::raw, it -> it.getInt(1));
  }

  private static StructLayout layout() {
    return MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("number"));
  }
}
