package io.procession.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.procession.architecture.broken.internal.posix.Upward;
import io.procession.architecture.broken.process.There;
import io.procession.architecture.broken.queue.Here;
import io.procession.architecture.broken.stray.Homeless;
import io.procession.architecture.broken.sync.Breaches;
import io.procession.architecture.broken.sync.Leaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each rule of `ArchitectureTest` finds what it is there for.
class RulesCanFailTest {
  private static final String ROOT = "io.procession.architecture.broken";
  private static final Floors FLOORS =
      new Floors(
          ROOT, List.of(Set.of("internal.posix"), Set.of("sync"), Set.of("queue", "process")));
  private static final Fences FENCES = new Fences(ROOT);

  /// Read once: with all that its classes depend on, of the JDK too.
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);

  @TempDir Path sources;

  @Test
  void anImportOfAHigherFloorIsFound() {
    assertThat(violations(classes().should(FLOORS.areKept()), Upward.class))
        .anyMatch(line -> line.startsWith("floor 0 uses floor 1") && line.contains("Breaches"));
  }

  @Test
  void anImportOfTheSameFloorIsFound() {
    assertThat(violations(classes().should(FLOORS.areKept()), Here.class, There.class))
        .hasSize(2)
        .allMatch(line -> line.startsWith("floor 2 uses floor 2"));
  }

  @Test
  void aPackageWithoutFloorIsFound() {
    assertThat(violations(classes().should(FLOORS.areKept()), Homeless.class))
        .containsExactly(ROOT + ".stray is not in the list of floors");
  }

  @Test
  void anImportOfALowerFloorIsFine() {
    assertThat(violations(classes().should(FLOORS.areKept()), Leaks.InParameter.class)).isEmpty();
  }

  @Test
  void aCycleIsFound() {
    ArchRule rule =
        SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles();
    assertThat(violations(rule, Here.class, There.class)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(classes = {Breaches.Links.class, Breaches.LooksUp.class})
  void nativeFunctionsAreFenced(Class<?> breach) {
    assertBroken(FENCES.linker(), breach);
  }

  @ParameterizedTest
  @ValueSource(classes = {Breaches.Reinterprets.class, Breaches.ReinterpretsByReference.class})
  void reinterpretIsFenced(Class<?> breach) {
    assertBroken(FENCES.reinterpret(), breach);
  }

  @Test
  void objectInputIsFenced() {
    assertBroken(FENCES.objectInput(), Breaches.ReadsObjects.class);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Breaches.Prints.class,
        Breaches.PrintsErrors.class,
        Breaches.PrintsStackTraces.class
      })
  void printingIsFoundUnlessItHasAReason(Class<?> breach) {
    assertBroken(FENCES.console(Map.of()), breach);
    ArchRule excused = FENCES.console(Map.of(Breaches.class.getName(), "a test of the rule"));
    assertThat(violations(excused, breach)).isEmpty();
  }

  @Test
  void loggersOfThePlatformAreFoundUnlessTheyHaveAReason() {
    Class<?> breach = Breaches.LogsByThePlatform.class;
    assertBroken(FENCES.platformLoggers(Map.of()), breach);
    ArchRule excused =
        FENCES.platformLoggers(Map.of(Breaches.class.getName(), "a test of the rule"));
    assertThat(violations(excused, breach)).isEmpty();
  }

  @Test
  void internalsOfTheJdkAreFound() {
    JavaClasses ofTheJdk = new ClassFileImporter().importClasses(Thread.class);
    assertThat(violations(FENCES.internalsOfTheJdk(), ofTheJdk)).isNotEmpty();
    assertThat(violations(FENCES.internalsOfTheJdk(), Breaches.Keeps.class)).isEmpty();
  }

  @Test
  void contextClassLoadersAreFound() {
    assertBroken(FENCES.contextClassLoader(), Breaches.UsesContextClassLoader.class);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {Breaches.OpensUnnamedPool.class, Breaches.OpensUnnamedPoolByReference.class})
  void unnamedPoolsAreFound(Class<?> breach) {
    assertBroken(FENCES.unnamedPools(), breach);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Leaks.InParameter.class,
        Leaks.InReturnType.class,
        Leaks.InThrows.class,
        Leaks.InSupertype.class,
        Leaks.InField.class,
        Leaks.InBound.class,
        Leaks.InProtected.class
      })
  void internalTypesInSignaturesAreFound(Class<?> leak) {
    ArchRule rule = FENCES.exportedSignatures(Set.of(ROOT + ".sync"));
    assertThat(violations(rule, leak)).isNotEmpty().allMatch(line -> line.contains("Inside"));
    assertThat(violations(rule, Leaks.Nowhere.class)).isEmpty();
    ArchRule notExported = FENCES.exportedSignatures(Set.of());
    assertThat(violations(notExported, leak)).isEmpty();
  }

  @Test
  void longFilesAreFound() throws IOException {
    write("p/Long.java", "\n".repeat(11));
    write("p/Short.java", "\n".repeat(10));
    assertThat(new Sources(sources).longerThan(10))
        .singleElement()
        .asString()
        .contains("Long.java");
  }

  @Test
  void wideImportsAreFound() throws IOException {
    write("p/A.java", "import java.util.*;\nimport module java.base;\nimport java.util.List;\n");
    assertThat(new Sources(sources).wideImports()).hasSize(2);
  }

  @Test
  void twoClassesOfOneNameAreFound() throws IOException {
    write("p/package-info.java", "package p;");
    write("p/Batch.java", "package p;");
    write("p/Batches.java", "package p;");
    write("q/package-info.java", "package q;");
    assertThat(new Sources(sources).namesOfTwo()).isEmpty();
    write("q/Batch.java", "package q;");
    assertThat(new Sources(sources).namesOfTwo())
        .singleElement()
        .asString()
        .contains("p/Batch.java", "q/Batch.java");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/// Locks. Floor 1.\npackage p;",
        "/// Locks.\n@NullMarked\npackage p;",
        "/// Locks. Floor 2.\n@NullMarked\npackage p;"
      })
  void badPackageInfosAreFound(String text) throws IOException {
    var floors = new Floors("p", List.of(Set.of("internal"), Set.of("")));
    write("p/A.java", "package p;");
    assertThat(new Sources(sources).badPackageInfos(floors)).hasSize(1);
    write("p/package-info.java", text);
    assertThat(new Sources(sources).badPackageInfos(floors)).hasSize(1);
    write("p/package-info.java", "/// Locks. Floor 1.\n@NullMarked\npackage p;");
    assertThat(new Sources(sources).badPackageInfos(floors)).isEmpty();
  }

  private void write(String file, String text) throws IOException {
    Path path = sources.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /// The rule finds fault with the class, and with no other that keeps it.
  private static void assertBroken(ArchRule rule, Class<?> breach) {
    assertThat(violations(rule, breach)).isNotEmpty();
    assertThat(violations(rule, Breaches.Keeps.class)).isEmpty();
  }

  private static List<String> violations(ArchRule rule, Class<?>... types) {
    return violations(rule, BROKEN.that(describe("are asked for", type -> isOneOf(type, types))));
  }

  private static List<String> violations(ArchRule rule, JavaClasses classes) {
    return rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
  }

  private static boolean isOneOf(JavaClass type, Class<?>... types) {
    return Stream.of(types).anyMatch(type::isEquivalentTo);
  }
}
