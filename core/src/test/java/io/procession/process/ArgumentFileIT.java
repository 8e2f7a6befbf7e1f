package io.procession.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.testing.ChildJvm;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentFileIT {
  private static final int CASES = 400;
  private static final String AWKWARD = "aB1 \t\n\r\f\"'\\#@=:$%*?;&|<>(){}[]~`!-,/";

  @TempDir Path folder;

  /// The judge is `java` itself: it reads the file and tells what it understood.
  @Test
  void javaReadsEveryArgumentAsItWasWritten() throws Exception {
    Random random = new Random(7);
    List<String> values = new ArrayList<>();
    List<String> arguments = new ArrayList<>(List.of("--class-path"));
    arguments.add(System.getProperty("java.class.path"));
    for (int i = 0; i < CASES; i++) {
      String value = awkward(random);
      values.add(value);
      arguments.add("-Dcase." + i + "=" + value);
    }
    Path file = folder.resolve("arguments");
    Files.writeString(file, ArgumentFile.quoted(arguments));

    Path out = folder.resolve("out");
    Process java =
        new ProcessBuilder(LaunchCommand.java(), "@" + file, Echo.class.getName())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(java.waitFor()).isZero();

    List<String> understood = Files.readAllLines(out);
    for (int i = 0; i < CASES; i++) {
      assertThat(understood.get(i)).isEqualTo(hex(values.get(i)));
    }
  }

  @Test
  void characterZeroIsRefused() {
    assertThatThrownBy(() -> ArgumentFile.quoted(List.of("-Da=b\0c")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Names that are not ASCII need a locale that knows them, so the parent has one.
  @Test
  void namesBeyondAsciiArriveWhereTheLocaleHasThem() {
    try (ChildJvm child = ChildJvm.body(ArgumentFileIT::startWithUnicodeProperty).start()) {
      child.succeed();
    }
  }

  private static void startWithUnicodeProperty() throws Exception {
    if (!Charset.forName(System.getProperty("sun.jnu.encoding")).equals(UTF_8)) {
      System.out.println("skipped: sun.jnu.encoding=" + System.getProperty("sun.jnu.encoding"));
      return;
    }
    String value = "grün 漢字 🙂";
    JvmProcess process =
        JvmProcess.of(
            LaunchOptions.defaults().withSystemProperty("name", value),
            () -> System.exit(value.equals(System.getProperty("name")) ? 0 : 4));
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
  }

  private static String awkward(Random random) {
    StringBuilder value = new StringBuilder();
    int length = random.nextInt(24);
    for (int i = 0; i < length; i++) {
      value.append(AWKWARD.charAt(random.nextInt(AWKWARD.length())));
    }
    return value.toString();
  }

  private static String hex(String value) {
    return "=" + HexFormat.of().formatHex(value.getBytes(UTF_8));
  }

  /// Prints the cases as it got them.
  static final class Echo {
    private Echo() {}

    static void main(String[] args) {
      for (int i = 0; i < CASES; i++) {
        System.out.println(hex(System.getProperty("case." + i)));
      }
    }
  }
}
