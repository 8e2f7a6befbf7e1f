package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.architecture.Sources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A contract that starts something by itself, and not by its way, would run in the same way for all of
/// them, and show nothing.
class ContractSourcesTest {
  private static final Sources HERE =
      new Sources(Path.of("src", "test", "java", "io", "procession", "conformance"));
  private static final Pattern OF_NO_WAY =
      Pattern.compile(
          "\\bProcession\\."
              + "|\\bJvmProcess\\.of\\("
              + "|\\bContext\\.(?:of|spawn|forkserver|dummy)\\("
              + "|\\bnew \\w*(?:Manager|JvmProcess)\\(\\)"
              + "|\\b(?:ProcessPool|SharedMemoryManager)\\.open\\("
              + "|extends JvmProcess \\{(?!.{0,400}?super\\()",
          Pattern.DOTALL);

  /// What is not for all ways, and compares one with others.
  private static final Map<String, List<String>> EXCEPTIONS =
      Map.of("JvmContract.java", List.of("JvmProcess.of(", "Context.of("));

  private static List<String> breaches(String source) {
    return OF_NO_WAY.matcher(source).results().map(found -> found.group()).toList();
  }

  @Test
  void contractsStartNothingButByTheirWay() {
    Map<String, List<String>> found = new TreeMap<>();
    HERE.texts()
        .forEach((file, source) -> {
          List<String> breaches = breaches(source);
          if (file.endsWith("Contract.java") && !breaches.isEmpty()) {
            found.put(file, breaches);
          }
        });
    assertThat(found).isEqualTo(EXCEPTIONS);
  }

  @Test
  void ruleFindsWhatHadToBeFound() {
    assertThat(breaches("try (BaseManager own = new BaseManager()) {")).hasSize(1);
    assertThat(breaches("private static final class Caller extends JvmProcess {\n Caller() {}"))
        .hasSize(1);
    assertThat(breaches("class Caller extends JvmProcess {\n Caller() { super(options); }"))
        .isEmpty();
    assertThat(breaches("Procession.start(() -> {})")).hasSize(1);
  }
}
