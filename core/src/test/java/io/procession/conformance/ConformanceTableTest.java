package io.procession.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.procession.testing.Pythons;
import io.procession.testing.Pythons.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/conformance.md` names tests that there are, and leaves no test of CPython unexplained.
class ConformanceTableTest {
  private static final Path ROOT = requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final Pattern SECTION = Pattern.compile("### `(\\w+)`.*");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|([^|]*)\\|([^|]*)\\|");
  private static final Pattern OURS = Pattern.compile("`(\\w+(?:Test|IT|Contract))\\.(\\w+)`");
  private static final Pattern COUNTS =
      Pattern.compile("(\\d+) tests of CPython: (\\d+) have one or more of ours, (\\d+) .*");
  private static final Pattern THEIRS = Pattern.compile("class (\\w+)|    def (test_\\w+)");

  /// An annotation, and what may stand between it and the name: other annotations.
  private static final String IS_TEST =
      "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\\b[^;]*? ";

  private static final int OLDEST = 8; // of Python 3: CPython keeps what is newer

  private record Row(String test, List<String[]> ours, String fact) {}

  private static List<String> table() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs").resolve("conformance.md"));
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    String section = "";
    for (String line : table()) {
      Matcher header = SECTION.matcher(line);
      Matcher row = ROW.matcher(line);
      if (header.matches()) {
        section = header.group(1);
      } else if (row.matches()) {
        List<String[]> ours = new ArrayList<>();
        Matcher our = OURS.matcher(row.group(2));
        while (our.find()) {
          ours.add(new String[] {our.group(1), our.group(2)});
        }
        rows.add(new Row(section + "." + row.group(1), ours, row.group(3).strip()));
      }
    }
    return rows;
  }

  @Test
  void eachTestIsAnsweredOrExplained() throws Exception {
    Set<String> seen = new TreeSet<>();
    int covered = 0;
    for (Row row : rows()) {
      assertThat(seen.add(row.test())).as("twice: %s", row.test()).isTrue();
      assertThat(row.ours().isEmpty() && row.fact().isEmpty()).as("%s", row.test()).isFalse();
      covered += row.ours().isEmpty() ? 0 : 1;
    }
    int all = seen.size();
    List<String> counts = table().stream().filter(line -> COUNTS.matcher(line).matches()).toList();
    assertThat(counts)
        .singleElement()
        .asString()
        .startsWith(
            all
                + " tests of CPython: "
                + covered
                + " have one or more of ours, "
                + (all - covered)
                + " ");
  }

  @Test
  void testsThatItNamesAreThere() throws Exception {
    Map<String, String> sources = sources();
    for (String line : table()) {
      Matcher our = OURS.matcher(line);
      while (our.find()) {
        assertThat(sources).as("%s", line).containsKey(our.group(1));
        assertThat(sources.get(our.group(1)))
            .as("%s", our.group())
            .containsPattern(IS_TEST + our.group(2) + "\\(");
      }
    }
  }

  /// By the name of their class.
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (var modules = Files.newDirectoryStream(ROOT)) {
      for (Path module : modules) {
        Path tests = module.resolve("src").resolve("test").resolve("java");
        if (Files.isDirectory(tests)) {
          Files.walkFileTree(tests, reader(sources));
        }
      }
    }
    return sources;
  }

  private static SimpleFileVisitor<Path> reader(Map<String, String> sources) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".java")) {
          sources.put(name.substring(0, name.length() - 5), Files.readString(file));
        }
        return FileVisitResult.CONTINUE;
      }
    };
  }

  @Test
  void noTestOfACPythonThatIsHereIsMissing() throws Exception {
    Set<String> named = new TreeSet<>();
    rows().forEach(row -> named.add(row.test()));
    int suites = 0;
    for (Python python : Pythons.all()) {
      List<String> suite = python.isAtLeast(3, OLDEST) ? suite(python) : List.of();
      suites += suite.isEmpty() ? 0 : 1;
      assertThat(named).as("%s", python).containsAll(suite);
    }
    assumeFalse(suites == 0, "no CPython with its test suite is on this machine");
  }

  /// Each test of its suite; none if it came without.
  private static List<String> suite(Python python) throws IOException, InterruptedException {
    String question = "import test, os; print(os.path.dirname(test.__file__))";
    Process process =
        new ProcessBuilder(python.executable().toString(), "-c", question)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    List<String> tests = new ArrayList<>();
    if (process.waitFor() != 0) {
      return tests;
    }
    Path file = Path.of(answer, "_test_multiprocessing.py");
    if (Files.exists(file)) {
      String owner = "";
      Matcher matcher = THEIRS.matcher("");
      for (String line : Files.readAllLines(file)) {
        if (matcher.reset(line).lookingAt()) {
          if (matcher.group(1) != null) {
            owner = matcher.group(1);
          } else {
            tests.add(owner + "." + matcher.group(2));
          }
        }
      }
    }
    return tests;
  }
}
