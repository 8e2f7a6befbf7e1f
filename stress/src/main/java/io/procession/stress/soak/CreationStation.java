package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.connection.Pipe;
import io.procession.queue.SharedQueue;
import io.procession.shared.SharedMemory;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Makes something, uses it alone, and closes it: what the allocator and the burials of the dead have to
/// do with.
record CreationStation(int index, String name) implements Station {
  private static final int KILOBYTE = 1024;

  @Override
  public void step(Turn turn) throws Exception {
    switch (turn.upTo(8)) {
      case 0 -> lock();
      case 1 -> reentrantLock();
      case 2 -> {
        try (var semaphore = SharedSemaphore.create(2)) {
          semaphore.acquire(2);
          require(semaphore.availablePermits() == 0, "a new semaphore has what it was given");
        }
      }
      case 3 -> {
        try (var semaphore = OwnedSemaphore.create(2)) {
          semaphore.acquire();
          require(semaphore.heldPermits() == 1, "nobody has permits of a new semaphore");
        }
      }
      case 4 -> {
        try (var event = SharedEvent.create();
            var barrier = SharedBarrier.create(1)) {
          require(!event.isSet(), "a new event is not set");
          require(barrier.await() == 0, "a new barrier is whole");
        }
      }
      case 5 -> memory(turn);
      case 6 -> queue(turn);
      default -> pipe();
    }
    turn.count(index, DONE);
  }

  private static void lock() {
    try (var lock = SharedLock.create();
        SharedCondition condition = lock.newCondition()) {
      lock.lock();
      try {
        condition.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  private static void reentrantLock() {
    try (var lock = SharedReentrantLock.create()) {
      lock.lock();
      try {
        require(lock.holdCount() == 1, "a new lock counts from none", "lock", lock);
      } finally {
        lock.unlock();
      }
    }
  }

  private static void memory(Turn turn) {
    try (var memory = SharedMemory.create((1L + turn.upTo(300)) * KILOBYTE)) {
      for (long at = 0; at < memory.size(); at += KILOBYTE) {
        long seen = memory.segment().get(ValueLayout.JAVA_LONG, at);
        require(seen == 0, "new memory is zero", "at", at, "seen", seen);
        memory.segment().set(ValueLayout.JAVA_LONG, at, turn.signature());
      }
      for (long at = 0; at < memory.size(); at += KILOBYTE) {
        long seen = memory.segment().get(ValueLayout.JAVA_LONG, at);
        require(seen == turn.signature(), "memory is its maker's alone", "at", at, "seen", seen);
      }
    }
  }

  private static void queue(Turn turn) throws InterruptedException {
    byte[] message = new byte[(1 + turn.upTo(150)) * KILOBYTE];
    Arrays.fill(message, (byte) turn.actor());
    try (SharedQueue<byte[]> queue = SharedQueue.create()) {
      queue.put(message);
      queue.put(message);
      require(Arrays.equals(queue.take(), message), "what was put is taken");
    }
  }

  private static void pipe() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      pipe.first().send("forth");
      pipe.second().send("back");
      require("back".equals(pipe.first().recv()), "what was sent is received");
    }
  }

  @Override
  public void verify(Turn turn, int processes) {}

  @Override
  public void destroy() {}
}
