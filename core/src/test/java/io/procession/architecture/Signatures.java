package io.procession.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What the signature of a type shows to its users: supertypes, and the types of public and
/// protected members, with their arguments and bounds.
final class Signatures {
  private Signatures() {}

  static boolean isExported(JavaClass type, Set<String> exportedPackages) {
    return exportedPackages.contains(type.getPackageName())
        && isShown(type)
        && type.getEnclosingClass().map(Signatures::isShown).orElse(true);
  }

  static ArchCondition<JavaClass> nameNoType(DescribedPredicate<JavaClass> hidden) {
    return new ArchCondition<>("name no " + hidden.getDescription() + " type") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var head = new ArrayList<JavaType>(type.getInterfaces());
        type.getSuperclass().ifPresent(head::add);
        head.addAll(bounds(type.getTypeParameters()));
        report(type, type.getFullName(), head, events);
        for (JavaField field : type.getFields()) {
          if (isShown(field)) {
            report(type, field.getFullName(), List.of(field.getType()), events);
          }
        }
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (isShown(unit)) {
            report(type, unit.getFullName(), typesOf(unit), events);
          }
        }
      }

      private void report(
          JavaClass type, String where, List<JavaType> shown, ConditionEvents events) {
        for (JavaType each : shown) {
          for (JavaClass named : each.getAllInvolvedRawTypes()) {
            if (hidden.test(named.getBaseComponentType())) {
              String message = where + " names " + named.getFullName();
              events.add(SimpleConditionEvent.violated(type, message));
            }
          }
        }
      }
    };
  }

  private static List<JavaType> typesOf(JavaCodeUnit unit) {
    var types = new ArrayList<JavaType>(unit.getParameterTypes());
    types.add(unit.getReturnType());
    types.addAll(unit.getExceptionTypes());
    types.addAll(bounds(unit.getTypeParameters()));
    return types;
  }

  private static List<JavaType> bounds(Collection<? extends JavaTypeVariable<?>> variables) {
    return variables.stream().flatMap(variable -> variable.getUpperBounds().stream()).toList();
  }

  private static boolean isShown(HasModifiers element) {
    Set<JavaModifier> modifiers = element.getModifiers();
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && !modifiers.contains(JavaModifier.SYNTHETIC);
  }
}
