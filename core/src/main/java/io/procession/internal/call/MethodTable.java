package io.procession.internal.call;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The methods of an interface that callers may call, by the names they have on the wire.
///
/// A method goes by its name. Where several of a name have the same number of parameters, which only
/// Java can tell apart, each goes by name and parameter types: `remove(int)`.
public final class MethodTable {
  private final Map<String, Method> byWord = new HashMap<>(); // name/arity, or with types
  private final Map<Method, Call> calls = new HashMap<>();
  private final Set<String> exposed = new TreeSet<>();

  /// @param only the names of the methods that are exposed; null for all
  /// @throws IllegalArgumentException if there is no method of one of these names
  public MethodTable(Class<?> type, @Nullable Set<String> only) {
    Map<String, List<Method>> alike = new TreeMap<>();
    for (Method method : type.getMethods()) {
      boolean isOfObject = method.getDeclaringClass() == Object.class || isLikeObjects(method);
      if (!Modifier.isStatic(method.getModifiers()) && !method.isBridge() && !isOfObject) {
        alike.computeIfAbsent(key(method), _ -> new ArrayList<>()).add(method);
      }
    }
    for (List<Method> methods : alike.values()) {
      add(methods, only);
    }
    for (Method method : type.getMethods()) {
      if (method.isBridge()) {
        addBridge(method);
      }
    }
    if (only != null) {
      for (String name : only) {
        if (!exposed.contains(name)) {
          throw new IllegalArgumentException(
              "no such method to expose: method=" + name + ", interface=" + type.getName());
        }
      }
    }
  }

  private void add(List<Method> methods, @Nullable Set<String> only) {
    List<Method> distinct = new ArrayList<>();
    for (Method method : methods) { // an interface may declare anew what it inherits
      boolean isKnown = false;
      for (Method known : distinct) {
        isKnown |= List.of(known.getParameterTypes()).equals(List.of(method.getParameterTypes()));
      }
      if (!isKnown) {
        distinct.add(method);
      }
    }
    for (Method method : methods) {
      String word = distinct.size() == 1 ? method.getName() : described(method);
      List<Class<?>> thrown = List.of(method.getExceptionTypes());
      calls.put(method, new Call(word, thrown.contains(InterruptedException.class), thrown));
      if (only == null || only.contains(method.getName())) {
        exposed.add(method.getName());
        method.trySetAccessible(); // an interface need not be public
        byWord.putIfAbsent(distinct.size() == 1 ? key(method) : word, method);
      }
    }
  }

  /// An interface that narrows what an inherited method returns has that method twice: who calls the
  /// inherited one calls the same.
  private void addBridge(Method bridge) {
    for (Map.Entry<Method, Call> entry : calls.entrySet()) {
      Method method = entry.getKey();
      if (method.getName().equals(bridge.getName())
          && Arrays.equals(method.getParameterTypes(), bridge.getParameterTypes())) {
        calls.put(bridge, entry.getValue());
        return;
      }
    }
  }

  /// How a method is called.
  ///
  /// @param word its word on the wire
  /// @param isInterruptible whether an interrupt of the caller interrupts it
  /// @param thrown the exceptions that it declares
  public record Call(String word, boolean isInterruptible, List<Class<?>> thrown) {}

  /// How a method of the interface is called, which is none that every object has.
  public Call call(Method method) {
    return Objects.requireNonNull(calls.get(method), method::toString);
  }

  /// The names of all that are exposed.
  public String[] exposed() {
    return exposed.toArray(new String[0]);
  }

  /// The method that goes by a word, with so many arguments.
  ///
  /// @return null if none is exposed
  public @Nullable Method find(String word, int arguments) {
    return byWord.get(word.indexOf('(') >= 0 ? word : word + "/" + arguments);
  }

  /// Calls a method.
  ///
  /// @throws Throwable what the method throws
  public static @Nullable Object invoke(
      Method method, Object referent, @Nullable Object... arguments) throws Throwable {
    try {
      return method.invoke(referent, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static String key(Method method) {
    return method.getName() + "/" + method.getParameterCount();
  }

  private static String described(Method method) {
    StringBuilder word = new StringBuilder(method.getName()).append('(');
    String separator = "";
    for (Class<?> parameter : method.getParameterTypes()) {
      word.append(separator).append(parameter.getTypeName());
      separator = ",";
    }
    return word.append(')').toString();
  }

  /// Whether it is what every object has: an interface may declare that too.
  public static boolean isLikeObjects(Method method) {
    return switch (method.getName()) {
      case "equals" ->
          method.getParameterCount() == 1 && method.getParameterTypes()[0] == Object.class;
      case "hashCode", "toString" -> method.getParameterCount() == 0;
      default -> false;
    };
  }
}
