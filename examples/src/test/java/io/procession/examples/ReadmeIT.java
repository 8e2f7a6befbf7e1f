package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The programs of the README are run as they stand there, by its command, and print what stands below them.
@Timeout(240)
class ReadmeIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\n(.*?)```\\n```text\\n(.*?)```\\n", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^    java --enable-native-access=ALL-UNNAMED --class-path (\\S+) Hello\\.java$");

  @Test
  void itsProgramsPrintWhatItSays(@TempDir Path folder) throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Path jar = jar(readme);
    List<MatchResult> programs = PROGRAM.matcher(readme).results().toList();
    assertThat(programs).hasSize(2);
    for (MatchResult program : programs) {
      Path source = Files.writeString(folder.resolve("Hello.java"), program.group(1));

      Program run = Program.runSource(jar, source);

      assertThat(run.status()).as(run.output()).isZero();
      assertThat(withoutNumbers(run.output())).isEqualTo(withoutNumbers(program.group(2)));
    }
  }

  /// Where its command, given in the repository's folder, takes the library from.
  private static Path jar(String readme) {
    Matcher command = COMMAND.matcher(readme);
    assertThat(command.find()).as("the command of the first minute").isTrue();
    Path jar = ROOT.resolve(command.group(1));
    assertThat(jar).exists();
    return jar;
  }

  /// Any worker may get the task, and any number be a process's.
  private static String withoutNumbers(String text) {
    return text.strip().replaceAll("(worker-|pid )\\d+", "$1N");
  }
}
