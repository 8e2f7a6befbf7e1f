package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Pipe;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a child does not load as long as it does not need it: these cost it more than its JVM.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class YoungChildIT {
  private static final String ARENA = "io.procession.internal.arena.Session ";
  private static final String MAPPED = "io.procession.internal.arena.Words ";
  private static final String LINKED = "io.procession.internal.posix.Syscall ";
  private static final String LAMBDA_SPUN = "$$Lambda/0x";
  private static final String RECORD_DECODED = "io.procession.serial.RecordShape ";
  private static final String SPUN_FOR_RECORDS = "java.lang.runtime.ObjectMethods ";

  @TempDir Path folder;

  @Test
  void childWithoutSharedObjectsMapsNoArenaAndDefinesNoLambda() throws Exception {
    assertThat(loadedBy(() -> {}))
        .contains(ARENA)
        .doesNotContain(MAPPED)
        .doesNotContain(LINKED)
        .doesNotContain(LAMBDA_SPUN);
  }

  @Test
  void childThatNeitherSleepsNorWakesLinksNoNativeCall() throws Exception {
    SharedLock lock = Procession.lock();
    SharedQueue<String> queue = Procession.queue();
    Pipe pipe = Procession.pipe();
    try (pipe) {
      var end = pipe.second();
      String loaded =
          loadedBy(() -> {
            lock.lock();
            try {
              queue.put("sent");
            } finally {
              lock.unlock();
            }
            end.send(queue.poll());
          });
      assertThat(loaded).contains(MAPPED).doesNotContain(LINKED).doesNotContain(SPUN_FOR_RECORDS);
      assertThat(pipe.first().recv()).isEqualTo("sent");
    }
    queue.destroy();
  }

  @Test
  void workerHasNothingSpunToLearnItsTask() throws Exception {
    try (ProcessPool pool =
        Procession.pool(PoolOptions.defaults().withProcesses(1).withLaunch(listing()))) {
      int result = pool.apply(x -> x + 1, 1);
      assertThat(result).isEqualTo(2);
    }
    assertThat(loaded())
        .contains(MAPPED)
        .doesNotContain(RECORD_DECODED)
        .doesNotContain(SPUN_FOR_RECORDS);
  }

  private LaunchOptions listing() {
    return LaunchOptions.defaults().withJvmFlags("-Xlog:class+load:file=" + log());
  }

  private Path log() {
    return folder.resolve("classes");
  }

  private String loaded() throws IOException {
    return Files.readString(log());
  }

  /// The list of classes that a child has loaded when it has run the task.
  private String loadedBy(SerializableRunnable task) throws InterruptedException, IOException {
    JvmProcess process = JvmProcess.of(listing(), task);
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
    return loaded();
  }
}
