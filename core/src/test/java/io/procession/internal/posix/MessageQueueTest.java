package io.procession.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageQueueTest {
  /// Somebody else takes the name away before the maker does, whose own try then fails.
  @Test
  void queueWhoseNameCannotBeTakenAwayLeavesNoDescriptor() throws Exception {
    assumeTrue(
        Platform.current() == Platform.NATIVE && Files.isDirectory(Path.of("/proc/sys/fs/mqueue")),
        "no POSIX message queues here");
    String name = "procession-test-" + ProcessHandle.current().pid();
    var isOver = new AtomicBoolean();
    Thread thief = Thread.ofPlatform().start(() -> unlinkOverAndOver(name, isOver));
    try {
      long deadline = System.nanoTime() + Deadlines.LONG.toNanos();
      IOException failure = null;
      while (failure == null && System.nanoTime() < deadline) {
        failure = create(name);
        if (failure != null && !String.valueOf(failure.getMessage()).contains("mq_unlink")) {
          failure = null; // others of this user may have all that there may be, for a moment
        }
      }
      assertThat(failure).as("the thief was never in time").hasMessageContaining("mq_unlink");
      assertThat(openQueues(name)).isEmpty();
    } finally {
      isOver.set(true);
      thief.join();
    }
  }

  private static @Nullable IOException create(String name) {
    try {
      MessageQueue.create(name, 0, 0).close();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static void unlinkOverAndOver(String name, AtomicBoolean isOver) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long at = arena.allocateFrom(name).address();
      while (!isOver.get()) {
        long _ = Syscall.call(errno, Syscall.MQ_UNLINK, at, 0, 0, 0, 0, 0);
      }
    }
  }

  private static List<Path> openQueues(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(one -> isQueue(one, name)).toList();
    }
  }

  private static boolean isQueue(Path one, String name) {
    try {
      return Files.readSymbolicLink(one).toString().contains(name);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
