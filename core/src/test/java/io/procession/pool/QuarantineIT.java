package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.DeathCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that may be run again although their workers died, and for how long they may.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuarantineIT {
  @TempDir Path folder;

  private static int end(String folder) throws IOException {
    Files.createTempFile(Path.of(folder), "run", "");
    Runtime.getRuntime().halt(3);
    return 1;
  }

  private long runs() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void taskThatKeepsKillingItsWorkersIsGivenUpWithTheirCertificates() throws Exception {
    String where = folder.toString();
    var options = PoolOptions.defaults().withProcesses(1).withRetries(9).withQuarantine(2);
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> end(where)))
          .isInstanceOf(TaskException.class)
          .cause()
          .isInstanceOfSatisfying(
              QuarantinedException.class,
              e -> {
                assertThat(e.certificates())
                    .hasSize(2)
                    .allSatisfy(
                        certificate -> assertThat(certificate.cause()).isEqualTo(DeathCause.HALT));
                assertThat(e).hasMessageContaining("deaths=2");
              });
      assertThat(runs()).isEqualTo(2);
      List<Object> outcomes = new ArrayList<>();
      var results = pool.imapUnordered(x -> x == 2 ? end(where) : x, List.of(1, 2, 3), 3);
      while (results.hasNext()) {
        try {
          outcomes.add(results.next());
        } catch (TaskException e) {
          assertThat(e).hasCauseInstanceOf(QuarantinedException.class);
        }
      }
      assertThat(outcomes).contains(3);
      assertThat(runs()).isEqualTo(4);
    }
  }

  @Test
  void onlyTasksThatSaySoAreRunAgain() throws Exception {
    String where = folder.toString();
    try (var pool = ProcessPool.open(1)) {
      AsyncResult<Integer> twice =
          pool.applyAsync(TaskOptions.defaults().withRetries(1), () -> end(where));
      assertThatThrownBy(twice::join)
          .cause()
          .hasCauseInstanceOf(WorkerDiedException.class)
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThat(runs()).isEqualTo(2);
      assertThatThrownBy(() -> pool.apply(() -> end(where)))
          .hasCauseInstanceOf(WorkerDiedException.class);
      assertThat(runs()).isEqualTo(3);
    }
  }
}
