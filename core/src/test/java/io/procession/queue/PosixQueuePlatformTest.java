package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.internal.posix.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// There are POSIX queues where the platform has them, and elsewhere a clear refusal.
@Tag("platforms")
class PosixQueuePlatformTest {
  @Test
  void isThereOrRefusedWithAnExplanation() {
    if (Platform.current() == Platform.NATIVE
        && Files.isDirectory(Path.of("/proc/sys/fs/mqueue"))) {
      try (PosixQueue<String> queue = PosixQueue.create()) {
        assertThat(queue.offer("x")).isTrue();
      }
    } else {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(PosixQueue::create)
          .withMessageContaining("no POSIX message queues");
    }
  }
}
