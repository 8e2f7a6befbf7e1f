package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.ServedType;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A type of objects that a manager makes and serves. Callers see them by an interface.
///
/// ```java
/// static final ManagedType<Counter> COUNTER =
///     ManagedType.of(Counter.class, InMemoryCounter::new);
/// ```
///
/// Who only calls a server needs no factory: [#named]. Immutable; safe for all threads.
///
/// @param <T> the interface
public final class ManagedType<T> {
  private final String name;
  private final Class<T> type;
  private final @Nullable SerializableFunction<List<Object>, Object> factory;
  private final @Nullable Set<String> exposed;
  private final Map<String, String> returns;

  private ManagedType(
      String name,
      Class<T> type,
      @Nullable SerializableFunction<List<Object>, Object> factory,
      @Nullable Set<String> exposed,
      Map<String, String> returns) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "callers see managed objects by an interface: type="
              + type.getName()
              + "; give the interface that it implements");
    }
    this.name = name;
    this.type = type;
    this.factory = factory;
    this.exposed = exposed;
    this.returns = returns;
  }

  /// A type named as its interface, without the package; [#withName] gives it another one.
  ///
  /// @param type the interface
  /// @param factory makes an object, at the server; it may return the same to all
  /// @param <T> the interface
  /// @return the type
  /// @throws IllegalArgumentException if it is no interface
  public static <T> ManagedType<T> of(Class<T> type, SerializableCallable<? extends T> factory) {
    Require.notNull("factory", factory);
    return new ManagedType<>(type.getSimpleName(), type, _ -> factory.call(), null, Map.of());
  }

  /// A type whose objects are made of arguments that callers give.
  ///
  /// @param type the interface
  /// @param factory makes an object of the arguments, at the server
  /// @param <T> the interface
  /// @return the type
  /// @throws IllegalArgumentException if it is no interface
  public static <T> ManagedType<T> taking(
      Class<T> type, SerializableFunction<? super List<Object>, ? extends T> factory) {
    Require.notNull("factory", factory);
    return new ManagedType<>(
        type.getSimpleName(), type, arguments -> factory.apply(arguments), null, Map.of());
  }

  /// A type of which only the name and the interface are known here: the server has the factory.
  ///
  /// @param name its name at the server
  /// @param type the interface
  /// @param <T> the interface
  /// @return the type
  /// @throws IllegalArgumentException if it is no interface
  public static <T> ManagedType<T> named(String name, Class<T> type) {
    return new ManagedType<>(Require.notNull("name", name), type, null, null, Map.of());
  }

  /// The same under another name.
  ///
  /// @param newName the name
  /// @return a type
  public ManagedType<T> withName(String newName) {
    return new ManagedType<>(Require.notNull("newName", newName), type, factory, exposed, returns);
  }

  /// The same with some methods only: others do not exist for callers.
  ///
  /// @param methods their names
  /// @return a type
  public ManagedType<T> exposing(String... methods) {
    return new ManagedType<>(name, type, factory, Set.of(methods), returns);
  }

  /// The same, and what a method returns stays at the server: callers get a proxy of it.
  ///
  /// @param method the method's name
  /// @param result the type of what it returns; it must be registered too
  /// @return a type
  public ManagedType<T> returning(String method, ManagedType<?> result) {
    return returning(method, result.name);
  }

  /// The same, and what a method returns is an iterator that stays at the server: callers fetch many
  /// elements at a time.
  ///
  /// @param method the method's name; it returns an `Iterator`
  /// @return a type
  public ManagedType<T> returningIterator(String method) {
    return returning(method, StandardTypes.ITERATOR);
  }

  private ManagedType<T> returning(String method, String result) {
    Map<String, String> more = new HashMap<>(returns);
    more.put(method, result);
    return new ManagedType<>(name, type, factory, exposed, more);
  }

  /// Its name.
  ///
  /// @return the name
  public String name() {
    return name;
  }

  /// The interface by which callers see its objects.
  ///
  /// @return the interface
  public Class<T> type() {
    return type;
  }

  ServedType served() {
    return new ServedType(
        name, type, null, factory, null, exposed == null ? null : new HashSet<>(exposed), returns);
  }

  @Override
  public String toString() {
    return "ManagedType[" + name + ", " + type.getName() + "]";
  }
}
