package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.sync.SharedLock;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Memory between processes, and what their deaths leave of it.
@Tag("platforms")
class SharedMemoryIT {
  private final String name = "it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  @Test
  void whatAKilledWriterHasWrittenStays() throws Exception {
    try (var memory = SharedMemory.create(3 << 20)) {
      var writer =
          JvmProcess.of(() -> {
            for (int i = 1; true; i++) {
              memory.segment().set(ValueLayout.JAVA_INT, 4L * (i % 700_000), i);
            }
          });
      writer.start();
      await()
          .atMost(Deadlines.LONG)
          .until(() -> memory.segment().get(ValueLayout.JAVA_INT, 4 * 1000) != 0);
      writer.kill();
      assertThat(writer.join(Deadlines.LONG)).isTrue();
      int there = memory.segment().get(ValueLayout.JAVA_INT, 4 * 500);
      assertThat(there % 700_000).isEqualTo(500);
      memory.segment().set(ValueLayout.JAVA_INT, 0, 42);
      assertThat(memory.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
      memory.unlink();
    }
  }

  @Test
  void namedMemoryIsCapturedLikeAnyOther() throws Exception {
    try (var memory = SharedMemory.create(name, 64)) {
      JvmProcess writer = JvmProcess.of(() -> memory.segment().set(ValueLayout.JAVA_LONG, 56, 11));
      writer.start();
      assertThat(writer.join(Deadlines.LONG)).isTrue();
      assertThat(memory.segment().get(ValueLayout.JAVA_LONG, 56)).isEqualTo(11);
      memory.unlink();
    }
  }

  @Test
  void theNextSessionSweepsWhatAKilledOneLeft() {
    assumeThat(Path.of("/dev/shm")).isDirectory();
    Path file = Path.of("/dev/shm", name);
    String mine = name;
    try (var first =
        ChildJvm.body(
                () -> {
                  SharedMemory.create(mine, 100);
                  System.out.println("made");
                  Thread.sleep(Deadlines.LONG);
                })
            .start()) {
      first.awaitLine("made");
      ChildJvm.body(SharedLock::create).start().succeed();
      assertThat(file).as("its session lives").exists();
      first.kill();
      first.join();
    }
    ChildJvm.body(
            () -> {
              SharedLock.create();
              await().atMost(Deadlines.LONG).until(() -> !Files.exists(Path.of("/dev/shm", mine)));
            })
        .start()
        .succeed();
    assertThat(file).doesNotExist();
  }

  @Test
  void aSessionThatEndsTakesItsNamesAway() {
    assumeThat(Path.of("/dev/shm")).isDirectory();
    String mine = name;
    ChildJvm.body(() -> SharedMemory.create(mine, 100)).start().succeed();
    assertThat(Path.of("/dev/shm", name)).doesNotExist();
  }

  @Test
  void persistentMemoryOutlivesItsSession() {
    String mine = name;
    ChildJvm.body(() ->
            SharedMemory.createPersistent(mine, 100).segment().set(ValueLayout.JAVA_INT, 0, 6))
        .start()
        .succeed();
    ChildJvm.body(SharedLock::create).start().succeed();
    try (var memory = SharedMemory.attach(name)) {
      assertThat(memory.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(6);
      assertThat(memory.unlink()).isTrue();
    }
  }

  @Test
  void pythonAttachesItByName() throws Exception {
    assumeThat(Path.of("/dev/shm")).isDirectory();
    assumeThat(Python.find()).as("no python3 on the path").isPresent();
    try (var memory = SharedMemory.create(name, 4096)) {
      memory.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 65);
      Process python =
          new ProcessBuilder(
                  Python.find().orElseThrow(),
                  "-c",
                  """
                  import sys
                  from multiprocessing import shared_memory, resource_tracker
                  m = shared_memory.SharedMemory(name=sys.argv[1])
                  resource_tracker.unregister(m._name, "shared_memory")
                  assert m.size == 4096 and m.buf[0] == 65
                  m.buf[1] = 66
                  m.close()
                  """,
                  name)
              .inheritIO()
              .start();
      assertThat(python.waitFor(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(python.exitValue()).isZero();
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 66);
      memory.unlink();
    }
  }
}
