package io.procession.examples.guide;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.examples.Program;
import io.procession.examples.guide.Chapter.Code;
import io.procession.examples.guide.Chapter.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The guide's code is that of programs which are compiled and run, and they print what it says.
@Timeout(240)
class GuideIT {
  private static final Path GUIDE = Path.of("..", "docs", "guide");
  private static final Path JAVA =
      Path.of("src", "main", "java", "io", "procession", "examples", "guide");
  private static final Path PYTHON = Path.of("src", "main", "python");

  @Test
  void codeStandsInTheSourcesToTheLetter() throws Exception {
    Map<String, Map<String, String>> regions = new TreeMap<>();
    for (Path source : files(JAVA, ".java")) {
      regions.put(source.getFileName().toString(), Regions.of(Files.readString(source)));
    }
    for (Path source : files(PYTHON, ".py")) {
      regions.put(source.getFileName().toString(), Regions.of(Files.readString(source)));
    }
    List<String> shown = new ArrayList<>();
    for (Chapter chapter : chapters()) {
      String above = "";
      for (Chapter.Block block : chapter.blocks()) {
        if (block instanceof Output output) {
          assertThat(output.program() + ".java: " + output.part())
              .as(output.place())
              .isEqualTo(above);
        }
        if (block instanceof Code code) {
          above = code.source().endsWith(".java") ? code.source() + ": " + code.region() : above;
          assertThat(regions.getOrDefault(code.source(), Map.of()).get(code.region()))
              .as("%s: %s of %s", code.place(), code.region(), code.source())
              .isEqualTo(code.text());
          shown.add(code.source() + ": " + code.region());
        }
      }
    }
    List<String> all = new ArrayList<>();
    regions.forEach(
        (source, named) -> named.keySet().forEach(region -> all.add(source + ": " + region)));
    assertThat(shown).as("all regions are shown, once").containsExactlyInAnyOrderElementsOf(all);
  }

  /// Two at a time: they wait more than they work.
  @ParameterizedTest
  @MethodSource("programs")
  @Execution(ExecutionMode.CONCURRENT)
  void programPrintsWhatTheGuideSays(String program) throws Exception {
    String[] arguments = {};
    if (program.equals("WithPython")) {
      assumeThat(Python.isThere()).as("no python3 with multiprocessing.shared_memory").isTrue();
      arguments = new String[] {"python3", PYTHON.toString()};
    }
    Program run = Program.runForOutput("io.procession.examples.guide." + program, arguments);
    assertThat(run.status()).as(run.output()).isZero();
    check(program, run.output());
  }

  @Test
  void structsWorkInANamedModuleThatOpensTheirPackage() throws Exception {
    Program run = Program.runAsModule("io.procession.examples.guide.Structs");
    assertThat(run.status()).as(run.output()).isZero();
    check("Structs", run.output());
  }

  /// Every program there is: one of which nothing is shown fails.
  static List<String> programs() throws IOException {
    List<String> programs = new ArrayList<>();
    for (Path source : files(JAVA, ".java")) {
      if (Files.readString(source).contains("void main(")) {
        programs.add(source.getFileName().toString().replace(".java", ""));
      }
    }
    return programs;
  }

  /// Makes sure that a program has printed what the guide says of each of its parts, and of no other.
  private static void check(String program, String printed) throws IOException {
    Map<String, String> parts = new TreeMap<>();
    for (String part : printed.strip().replaceFirst("^--- ", "").split("\n--- ", -1)) {
      String name = part.lines().findFirst().orElse("");
      parts.put(name, part.substring(name.length()));
    }
    for (Output output : outputs(program)) {
      assertThat(parts).as(output.place()).containsKey(output.part());
      String part = requireNonNull(parts.remove(output.part()));
      List<String> lines = lines(part);
      if (output.ordered()) {
        assertThat(lines).as(output.place()).isEqualTo(lines(output.text()));
      } else {
        assertThat(lines)
            .as(output.place())
            .containsExactlyInAnyOrderElementsOf(lines(output.text()));
      }
    }
    assertThat(parts).as("not shown, or twice").isEmpty();
  }

  private static List<Output> outputs(String program) throws IOException {
    List<Output> outputs = new ArrayList<>();
    for (Chapter chapter : chapters()) {
      for (Chapter.Block block : chapter.blocks()) {
        if (block instanceof Output output && output.program().equals(program)) {
          outputs.add(output);
        }
      }
    }
    return outputs;
  }

  private static List<Chapter> chapters() throws IOException {
    List<Chapter> chapters = new ArrayList<>();
    for (Path file : files(GUIDE, ".md")) {
      chapters.add(Chapter.read(file));
    }
    return chapters;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /// Without what is other each time: the numbers of processes, threads, cells and workers.
  private static List<String> lines(String text) {
    return text.strip().replaceAll("\\b(pid |thread |cell |worker-)\\d+", "$1N").lines().toList();
  }
}
