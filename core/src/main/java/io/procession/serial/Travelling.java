package io.procession.serial;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// Names of classes as they are written: those that not every process finds by itself have a prefix,
/// and are sent along when it is made for the first time. How, is the affair of a higher floor, which
/// is found by name, as what attaches handles is.
final class Travelling {
  private static final String BORDER = "io.procession.internal.travel.Travel";
  static final char MARK = ';';

  private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();

  /// Initialised with the first class of a strange loader.
  private static final class Border {
    static final MethodHandle PREFIX = find("prefix", String.class, Class.class);
    static final MethodHandle FIND = find("find", Class.class, String.class);
    static final MethodHandle VARIABLES = find("variables", Field[].class, Class.class);
    static final MethodHandle HAS_ARRIVED = find("hasArrived", boolean.class, Class.class);

    private static MethodHandle find(String name, Class<?> result, Class<?> parameter) {
      try {
        Class<?> border = Class.forName(BORDER, true, Travelling.class.getClassLoader());
        Method method = border.getDeclaredMethod(name, parameter);
        method.setAccessible(true);
        return MethodHandles.lookup()
            .unreflect(method)
            .asType(MethodType.methodType(result, parameter));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }

  private Travelling() {}

  /// The name to write for a class, which may be one of arrays.
  ///
  /// @throws NotSendableException if no other process could find the class
  @SuppressWarnings("ReferenceEquality") // loaders have no other equality
  static String name(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == SYSTEM
        ? type.getName()
        : prefix(type).concat(type.getName());
  }

  /// What stands before the name of a class; empty for one that every process finds.
  ///
  /// @throws NotSendableException if no other process could find the class
  static String prefix(Class<?> type) {
    Class<?> innermost = type;
    while (innermost.getComponentType() != null) {
      innermost = innermost.getComponentType();
    }
    try {
      return (String) Border.PREFIX.invokeExact(innermost);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// As [#prefix], without a look at the higher floor where there is none.
  @SuppressWarnings("ReferenceEquality") // loaders have no other equality
  static @Nullable String prefixOrNull(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null || loader == SYSTEM) {
      return null;
    }
    String prefix = prefix(type);
    return prefix.isEmpty() ? null : prefix;
  }

  /// The variables of JShell that go along with a snippet's class.
  static Field[] variables(Class<?> snippet) {
    try {
      return (Field[]) Border.VARIABLES.invokeExact(snippet);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// Whether a class was sent here.
  static boolean hasArrived(Class<?> type) {
    try {
      return (boolean) Border.HAS_ARRIVED.invokeExact(type);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// The name behind a prefix.
  static String plain(String prefixed) {
    return prefixed.substring(prefixed.indexOf(MARK, 1) + 1);
  }

  /// The class of a name with a prefix.
  static Class<?> find(String prefixed) throws ClassNotFoundException {
    try {
      return (Class<?>) Border.FIND.invokeExact(prefixed);
    } catch (ClassNotFoundException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
