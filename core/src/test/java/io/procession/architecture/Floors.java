package io.procession.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The floors of the packages below one root: a package imports lower floors only, which leaves no
/// room for cycles either.
public final class Floors {
  private final String root;
  private final Map<String, Integer> byPackage = new HashMap<>();

  /// Takes the floors from the lowest up; packages are named without the root's name.
  public Floors(String root, List<Set<String>> floors) {
    this.root = root;
    for (int floor = 0; floor < floors.size(); floor++) {
      for (String name : floors.get(floor)) {
        byPackage.put(name.isEmpty() ? root : root + "." + name, floor);
      }
    }
  }

  /// Returns the floor of a package by its full name, if it has one.
  public Optional<Integer> of(String packageName) {
    return Optional.ofNullable(byPackage.get(packageName));
  }

  /// Every class lives in a package with a floor and depends on lower floors only.
  public ArchCondition<JavaClass> areKept() {
    return new ArchCondition<>("depend on lower floors only") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        Optional<Integer> floor = of(origin.getPackageName());
        if (floor.isEmpty()) {
          String message = origin.getPackageName() + " is not in the list of floors";
          events.add(SimpleConditionEvent.violated(origin, message));
          return;
        }
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          checkTarget(origin, floor.get(), dependency, events);
        }
      }
    };
  }

  private void checkTarget(
      JavaClass origin, int floor, Dependency dependency, ConditionEvents events) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    String name = target.getPackageName();
    boolean ours = name.equals(root) || name.startsWith(root + ".");
    if (!ours || name.equals(origin.getPackageName())) {
      return;
    }
    if (of(name).filter(below -> below < floor).isEmpty()) {
      String floors = "floor " + floor + " uses floor " + of(name).map(String::valueOf).orElse("?");
      events.add(
          SimpleConditionEvent.violated(origin, floors + ": " + dependency.getDescription()));
    }
  }
}
