package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.procession.internal.arena.FailPoint;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// No crash point without a death: each is named in a kill test of this package.
class FailPointTest {
  @Test
  void eachIsSomebodysEnd() {
    assertThat(named())
        .containsAll(Arrays.stream(FailPoint.values()).map(FailPoint::name).toList());
  }

  /// What the kill tests name: as constants, or as the arguments of a parameterised test.
  private static Set<String> named() {
    var names = new TreeSet<String>();
    var classes = new ClassFileImporter().importPackages(FailPointTest.class.getPackageName());
    for (JavaClass type : classes) {
      type.getFieldAccessesFromSelf().stream()
          .filter(access -> access.getTargetOwner().isEquivalentTo(FailPoint.class))
          .map(access -> access.getName())
          .forEach(names::add);
      for (var method : type.getMethods()) {
        method
            .tryGetAnnotationOfType(EnumSource.class)
            .ifPresent(source -> names.addAll(Set.of(source.names())));
        method
            .tryGetAnnotationOfType(CsvSource.class)
            .ifPresent(source ->
                names.addAll(
                    Arrays.stream(source.value())
                        .map(row -> row.split(",", 2)[0])
                        .collect(Collectors.toSet())));
      }
    }
    return names;
  }
}
