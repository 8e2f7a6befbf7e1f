package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short run of one row, with all that belongs to it.
@Timeout(120)
final class BenchIT {
  @TempDir private Path folder;

  @Test
  void oneRowIsMeasuredAndWritten() throws IOException {
    var out = new StringWriter();
    var err = new StringWriter();
    Path json = folder.resolve("results.json");
    int status =
        Bench.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "lock_uncontended",
            "--seconds=0.1",
            "--repetitions=1",
            "--json=" + json);
    assertThat(status).as("%s%n%s", out, err).isZero();
    assertThat(out.toString()).containsPattern("lock_uncontended +pair/s +\\d");
    assertThat(Files.readString(json))
        .startsWith("[\n  {\"name\": \"lock_uncontended\", \"unit\": \"pair/s\", ")
        .doesNotContain("null");
  }
}
