package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The first program of the README is run as it stands there, and prints what stands below it.
@Timeout(240)
class ReadmeIT {
  private static final Path ROOT = Path.of("..");
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?)```\\n```text\\n(.*?)```\\n", Pattern.DOTALL);

  @Test
  void itsProgramPrintsWhatItSays(@TempDir Path folder) throws Exception {
    MatchResult found = PROGRAM.matcher(readme()).results().findFirst().orElseThrow();
    Path source = Files.writeString(folder.resolve("Hello.java"), found.group(1));

    Program run = Program.runSource(source);

    assertThat(run.status()).as(run.output()).isZero();
    assertThat(withoutNumbers(run.output())).isEqualTo(withoutNumbers(found.group(2)));
  }

  private static String readme() throws Exception {
    return Files.readString(ROOT.resolve("README.md"));
  }

  /// Any worker may get the task, and any number be a process's.
  private static String withoutNumbers(String text) {
    return text.strip().replaceAll("(worker-|pid )\\d+", "$1N");
  }
}
