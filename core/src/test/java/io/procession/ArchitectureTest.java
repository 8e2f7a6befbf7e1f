package io.procession;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.procession.architecture.Fences;
import io.procession.architecture.Floors;
import io.procession.architecture.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of the house, kept by the sources of the library. That each of them can be broken is
/// shown by `RulesCanFailTest`.
class ArchitectureTest {
  private static final String ROOT = "io.procession";

  /// The floors, from the lowest up. A package imports lower floors only; packages of one floor do
  /// not import each other.
  private static final Floors FLOORS =
      new Floors(
          ROOT,
          List.of(
              Set.of("internal.posix", "internal.log", "internal.swap", "internal.check"),
              Set.of("internal.arena", "serial", "internal.call"),
              Set.of("sync", "internal.order", "internal.watch", "internal.travel", "logging"),
              Set.of("shared", "internal.ring", "internal.loan"),
              Set.of("connection", "internal.relay"),
              Set.of("queue", "process"),
              Set.of("pool", "internal.remote"),
              Set.of("manager"),
              Set.of("context"),
              Set.of("")));

  /// Classes that may write to the streams of the program, each with its reason.
  private static final Map<String, String> CONSOLE =
      Map.of(
          ROOT + ".process.ChildMain",
          "prints what nobody caught, as the JVM does for its threads",
          ROOT + ".process.ErrorTee",
          "stands between a child and its standard error",
          ROOT + ".process.FailureReport",
          "prints what nobody caught, as the JVM does for its threads",
          ROOT + ".pool.Reproduce",
          "is a program",
          ROOT + ".internal.log.LibraryLogger",
          "logs to the standard error where it is asked to",
          ROOT + ".internal.arena.LastWords",
          "says what happens at the end, when loggers are gone");

  /// Classes that ask the platform for a logger, each with its reason.
  private static final Map<String, String> PLATFORM_LOGGERS =
      Map.of(
          ROOT + ".internal.posix.Steadfast",
          "is on the floor of the library's loggers, and cannot import them");

  private static final int LONGEST_FILE = 700;

  private static final Path LIBRARY = Path.of("target/classes");
  private static final JavaClasses CLASSES = new ClassFileImporter().importPath(LIBRARY);
  private static final Fences FENCES = new Fences(ROOT);

  @Test
  void packagesImportLowerFloorsOnly() {
    classes().should(FLOORS.areKept()).check(CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyPosixLinksNativeFunctions() {
    FENCES.linker().check(CLASSES);
  }

  @Test
  void onlyPosixAndArenaReinterpretSegments() {
    FENCES.reinterpret().check(CLASSES);
  }

  @Test
  void onlySerialReadsObjects() {
    FENCES.objectInput().check(CLASSES);
  }

  @Test
  void nothingIsPrintedWithoutReason() {
    FENCES.console(CONSOLE).check(CLASSES);
  }

  @Test
  void whatIsLoggedHeedsLogToStderr() {
    FENCES.platformLoggers(PLATFORM_LOGGERS).check(CLASSES);
  }

  @Test
  void internalsOfTheJdkAreNotUsed() {
    FENCES.internalsOfTheJdk().check(CLASSES);
  }

  @Test
  void contextClassLoadersAreNotUsed() {
    FENCES.contextClassLoader().check(CLASSES);
  }

  @Test
  void poolsHaveNamedThreads() {
    FENCES.unnamedPools().check(CLASSES);
  }

  @Test
  void exportedSignaturesNameNoInternalType() throws IOException {
    FENCES.exportedSignatures(exports()).check(CLASSES);
  }

  @Test
  void internalPackagesAreNotExported() throws IOException {
    assertThat(exports()).isNotEmpty().noneMatch(name -> name.contains(".internal"));
  }

  @Test
  void packagesAreNullMarkedAndNameTheirFloor() {
    assertThat(new Sources(Path.of("src/main/java")).badPackageInfos(FLOORS)).isEmpty();
  }

  @Test
  void importsSayWhatTheyImport() {
    assertThat(new Sources(Path.of("src/main/java")).wideImports()).isEmpty();
  }

  @Test
  void aNameMeansOneClass() {
    assertThat(new Sources(Path.of("src/main/java")).namesOfTwo()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "../examples", "../benchmarks"})
  void filesAreShort(String module) {
    assertThat(new Sources(Path.of(module, "src")).longerThan(LONGEST_FILE)).isEmpty();
  }

  /// The packages that the module exports to everybody.
  private static Set<String> exports() throws IOException {
    try (InputStream in = Files.newInputStream(LIBRARY.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .filter(exports -> !exports.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toSet());
    }
  }
}
