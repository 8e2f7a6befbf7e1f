package io.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The chapter of guidelines names the tests of its claims: each guideline has some, and they exist.
class GuidelineTestsTest {
  private static final Path CHAPTER = Path.of("..", "docs", "guide", "programming-guidelines.md");
  private static final Path TESTS = Path.of("..", "core", "src", "test", "java");
  private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

  @Test
  void everyGuidelineNamesTestsThatExist() throws Exception {
    List<String> guidelines = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    Map<String, String> sources = sources();
    String[] parts = Files.readString(CHAPTER).split("\n## Shown by\n", 2);
    parts[0]
        .lines()
        .filter(line -> line.startsWith("### "))
        .forEach(line -> guidelines.add(line.substring("### ".length())));
    for (String row : parts[1].lines().filter(line -> line.contains("`")).toList()) {
      rows.add(row.split("\\|", -1)[1].strip());
      NAME.matcher(row)
          .results()
          .forEach(name ->
              assertThat(sources.getOrDefault(name.group(1), "no such class"))
                  .as(name.group())
                  .contains(" void " + name.group(2) + "("));
    }
    assertThat(rows).isNotEmpty().isEqualTo(guidelines);
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }
}
