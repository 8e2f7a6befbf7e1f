package io.procession.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// What only some packages below a root may use, and what none may.
public final class Fences {
  private final String root;

  /// Fences below one root package.
  public Fences(String root) {
    this.root = root;
  }

  /// Native functions are linked in one package.
  public ArchRule linker() {
    return noClasses()
        .that(areOutside("internal.posix"))
        .should()
        .dependOnClassesThat(
            describe(
                "link native functions",
                type -> isOrIsIn(type, Linker.class) || isOrIsIn(type, SymbolLookup.class)));
  }

  /// A segment's bounds are overridden only where mappings are made.
  public ArchRule reinterpret() {
    return noClasses()
        .that(areOutside("internal.posix", "internal.arena"))
        .should()
        .accessTargetWhere(calls(MemorySegment.class, "reinterpret"));
  }

  /// Objects are read from foreign bytes in one package, behind its filter.
  public ArchRule objectInput() {
    return noClasses()
        .that(areOutside("serial"))
        .should()
        .dependOnClassesThat(
            describe("read objects", type -> type.isEquivalentTo(ObjectInputStream.class)));
  }

  /// The streams of the program are the user's; the exceptions are named with their reasons.
  public ArchRule console(Map<String, String> reasonsByClass) {
    return noClasses()
        .that(
            describe(
                "have no reason to",
                type -> !reasonsByClass.containsKey(outermost(type).getFullName())))
        .should()
        .accessTargetWhere(
            reads(System.class, "out")
                .or(reads(System.class, "err"))
                .or(
                    describe(
                        "printStackTrace()",
                        access ->
                            isMember(access.getTarget(), Throwable.class, "printStackTrace")
                                && parameters(access).isEmpty())));
  }

  /// What the library logs heeds `logToStderr`, so it asks the platform for loggers in one place, and where
  /// it passes on what others have logged; the exceptions are named with their reasons.
  public ArchRule platformLoggers(Map<String, String> reasonsByClass) {
    return noClasses()
        .that(areOutside("internal.log", "internal.relay"))
        .and(
            describe(
                "have no reason to",
                type -> !reasonsByClass.containsKey(outermost(type).getFullName())))
        .should()
        .accessTargetWhere(calls(System.class, "getLogger"));
  }

  /// What will go away, or was never meant for us.
  public ArchRule internalsOfTheJdk() {
    return noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal..", "com.sun.."));
  }

  /// Class loaders are chosen on purpose, not found on the thread.
  public ArchRule contextClassLoader() {
    return noClasses().should().accessTargetWhere(calls(Thread.class, "getContextClassLoader"));
  }

  /// Every thread of ours has a name, so pools are given a factory.
  public ArchRule unnamedPools() {
    return noClasses()
        .should()
        .accessTargetWhere(
            describe(
                "an unnamed pool",
                access ->
                    access.getTargetOwner().isEquivalentTo(Executors.class)
                        && access.getName().startsWith("new")
                        && parameters(access).stream()
                            .noneMatch(type -> type.isEquivalentTo(ThreadFactory.class))));
  }

  /// Users never meet a type of a package that is not exported.
  public ArchRule exportedSignatures(Set<String> exportedPackages) {
    return classes()
        .that(describe("are exported", type -> Signatures.isExported(type, exportedPackages)))
        .should(Signatures.nameNoType(describe("internal", this::isInternal)));
  }

  private boolean isInternal(JavaClass type) {
    return type.getPackageName().startsWith(root + ".internal.");
  }

  private DescribedPredicate<JavaClass> areOutside(String... names) {
    String[] packages = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      packages[i] = root + "." + names[i];
    }
    return resideOutsideOfPackages(packages);
  }

  private static boolean isOrIsIn(JavaClass type, Class<?> outer) {
    return outermost(type).isEquivalentTo(outer);
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String name) {
    return describe(
        owner.getSimpleName() + "." + name, access -> isMember(access.getTarget(), owner, name));
  }

  private static DescribedPredicate<JavaAccess<?>> reads(Class<?> owner, String name) {
    return calls(owner, name);
  }

  private static boolean isMember(AccessTarget target, Class<?> owner, String name) {
    return target.getName().equals(name) && target.getOwner().isAssignableTo(owner);
  }

  private static List<JavaClass> parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget unit
        ? unit.getRawParameterTypes()
        : List.of();
  }
}
