package io.procession.internal.remote;

import io.procession.internal.log.LibraryLogger;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.Set;

/// The classes that the methods of served types name: those of parameters, of type arguments (`Point` in
/// `List<Point>`), the permitted classes of sealed ones, and what these are made of: components of
/// records, fields and superclasses of others.
///
/// Each is named by itself, in a declaration that a user has written. So a parameter of type `Object`, of
/// an interface or of a type variable adds nothing, nor do subclasses that are not named. Of the JDK and
/// of this library only records and enums are added: others may do anything while they are read.
final class NamedClasses {
  private static final LibraryLogger LOG = LibraryLogger.of("io.procession.manager");

  private final Set<String> names = new HashSet<>();
  private final Set<Type> seen = new HashSet<>();

  /// The names of all that were found.
  Set<String> names() {
    return names;
  }

  /// Looks at a type's exposed methods.
  void addAllOf(ServedType served) {
    for (Method method : served.type().getMethods()) {
      boolean isExposed = served.exposed() == null || served.exposed().contains(method.getName());
      if (isExposed && !Modifier.isStatic(method.getModifiers())) {
        for (Type parameter : method.getGenericParameterTypes()) {
          add(parameter);
        }
      }
    }
    addArgumentsOfSupertypes(served.type());
  }

  /// What stands for the variables of the interfaces that one extends.
  private void addArgumentsOfSupertypes(Class<?> type) {
    for (Type supertype : type.getGenericInterfaces()) {
      add(supertype);
    }
    for (Class<?> supertype : type.getInterfaces()) {
      addArgumentsOfSupertypes(supertype);
    }
  }

  private void add(Type type) {
    if (!seen.add(type)) {
      return;
    }
    switch (type) {
      case Class<?> known when known.isArray() -> add(known.getComponentType());
      case Class<?> known -> addIfComplete(known);
      case GenericArrayType array -> add(array.getGenericComponentType());
      case WildcardType wildcard -> addAll(wildcard.getUpperBounds(), wildcard.getLowerBounds());
      case TypeVariable<?> variable -> addAll(variable.getBounds());
      case ParameterizedType parameterized -> {
        add(parameterized.getRawType());
        addAll(parameterized.getActualTypeArguments());
      }
      default -> {}
    }
  }

  private void addAll(Type[]... types) {
    for (Type[] some : types) {
      for (Type type : some) {
        add(type);
      }
    }
  }

  /// Of a class whose parts cannot all be found here nobody can send an object: it stays out.
  private void addIfComplete(Class<?> type) {
    try {
      addClass(type);
    } catch (LinkageError | TypeNotPresentException e) {
      names.remove(type.getName());
      LOG.log(Level.DEBUG, "not taken over a network: class=" + type.getName(), e);
    }
  }

  private void addClass(Class<?> type) {
    if (type.isRecord()) {
      names.add(type.getName());
      for (RecordComponent component : type.getRecordComponents()) {
        add(component.getGenericType());
      }
    } else if (type.isEnum()) {
      names.add(type.getName());
    } else if (isUsers(type)) { // no others, as `Packed`, whose bytes are functions
      if (type.isSealed()) {
        addAll(type.getPermittedSubclasses());
      }
      if (!type.isInterface() && Serializable.class.isAssignableFrom(type)) {
        names.add(type.getName());
        addPartsOf(type);
      }
    }
  }

  private void addPartsOf(Class<?> type) {
    add(type.getGenericSuperclass());
    for (Field field : type.getDeclaredFields()) {
      if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
        add(field.getGenericType());
      }
    }
  }

  /// Neither the JDK's nor this library's.
  private static boolean isUsers(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    boolean isOfJdk = loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    return !isOfJdk && !type.getName().startsWith("io.procession.");
  }
}
