package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.connection.Pipe;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.serial.NotSendableException;
import io.procession.shared.SharedMemory;
import io.procession.sync.SharedLock;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What was on its way to others and never left is its maker's alone: to close it frees it.
class SentInVainTest {
  private final Directory directory = Session.current().directory();

  /// One of each way in which objects become handles.
  private record Cargo(SharedQueue<Object> queue, SharedLock lock, SharedMemory memory, Pipe pipe)
      implements Serializable {
    static Cargo make() {
      return new Cargo(
          SharedQueue.create(), SharedLock.create(), SharedMemory.create(100), Pipe.duplex());
    }

    List<Object> parts() {
      return List.of(queue, lock, memory, pipe.first(), pipe.second());
    }

    void close() {
      queue.close();
      lock.close();
      memory.close();
      pipe.close();
    }
  }

  /// Written by JDK serialization, since the library knows no fast way for it.
  private static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;
    final ArrayList<Object> parts;

    @SuppressWarnings({"serial", "UnusedVariable"}) // only to be sent, in vain
    final Object last;

    Bean(List<Object> parts, Object last) {
      this.parts = new ArrayList<>(parts);
      this.last = last;
    }
  }

  @Test
  void withAnObjectThatCannotBeSent() {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      int before = directory.inUse();
      Cargo cargo = Cargo.make();
      List<Object> parts = new ArrayList<>(cargo.parts());
      parts.add(new Object());
      assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.put(parts));
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(new Bean(cargo.parts(), new Object())));
      cargo.close();
      assertThat(directory.inUse()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void intoAFullQueue() {
    try (SharedQueue<Object> full = SharedQueue.create(1)) {
      full.add("first");
      int before = directory.inUse();
      Cargo cargo = Cargo.make();
      assertThat(full.offer(cargo.parts())).isFalse();
      assertThat(full.offer(new Bean(cargo.parts(), "last"))).isFalse();
      assertThatIllegalStateException().isThrownBy(() -> full.add(cargo.parts()));
      cargo.close();
      assertThat(directory.inUse()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void withAProcessThatCannotStart() {
    int before = directory.inUse();
    Cargo cargo = Cargo.make();
    List<Object> parts = cargo.parts();
    Object culprit = new Object();
    try (JvmProcess process = JvmProcess.of(() -> assertThat(parts).isNotSameAs(culprit))) {
      assertThatExceptionOfType(NotSendableException.class).isThrownBy(process::start);
    }
    cargo.close();
    assertThat(directory.inUse()).isLessThanOrEqualTo(before);
  }

  @Test
  void whatDidLeaveStays() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      int before = directory.inUse();
      SharedQueue<Object> fast = SharedQueue.create();
      SharedQueue<Object> slow = SharedQueue.create();
      queue.put(List.of(fast));
      queue.put(new Bean(List.of(slow), "last"));
      fast.close();
      slow.close();
      assertThat(directory.inUse()).isEqualTo(before + 2);
      ((SharedQueue<?>) ((List<?>) queue.take()).getFirst()).destroy();
      ((SharedQueue<?>) ((Bean) queue.take()).parts.getFirst()).destroy();
      assertThat(directory.inUse()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void aQueueThatIsClosedOrDestroyedCannotBeSent() {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      SharedQueue<Object> closed = SharedQueue.create();
      closed.close();
      SharedQueue<Object> destroyed = SharedQueue.create();
      destroyed.destroy();
      for (SharedQueue<Object> gone : List.of(closed, destroyed)) {
        assertThatExceptionOfType(NotSendableException.class)
            .isThrownBy(() -> queue.put(gone))
            .withMessageStartingWith("a queue that is closed or destroyed cannot be sent: queue=")
            .withMessageContaining(gone.name());
      }
      assertThat(queue).isEmpty();
    }
  }
}
