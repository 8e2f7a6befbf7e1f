package io.procession.internal.remote;

import io.procession.internal.call.MethodTable;
import io.procession.process.RemoteCallException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Makes the stubs of one type: of the class that the type has for them, or dynamic proxies.
final class StubMaker {
  private static final MethodType MAKE = MethodType.methodType(Object.class, RemoteReference.class);

  private final Class<?> type;
  private final MethodTable methods;
  private final @Nullable MethodHandle constructor;

  private StubMaker(Class<?> type, @Nullable Class<?> stub) {
    this.type = type;
    this.methods = new MethodTable(type, null);
    this.constructor = stub == null ? null : constructor(stub);
  }

  /// The maker of dynamic proxies with an interface.
  static StubMaker of(Class<?> asInterface) {
    return new StubMaker(asInterface, null);
  }

  /// The maker for a type, as a server has described it.
  static StubMaker described(@Nullable Object description) {
    if (description instanceof Object[] parts
        && parts.length == 3
        && parts[0] instanceof Class<?> type) {
      return new StubMaker(type, parts[1] instanceof Class<?> stub ? stub : null);
    }
    throw new RemoteCallException("no description of a type: " + description, null);
  }

  Class<?> type() {
    return type;
  }

  MethodTable methods() {
    return methods;
  }

  Object make(RemoteReference reference) {
    if (constructor == null) {
      return Proxy.newProxyInstance(
          loader(type),
          new Class<?>[] {type, Departing.class},
          new StubCalls(type, reference, methods));
    }
    try {
      return (Object) constructor.invokeExact(reference);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("no stub can be made: type=" + type.getName(), e);
    }
  }

  /// The interface's own, or ours where that does not know of this library: that of the JDK.
  private static @Nullable ClassLoader loader(Class<?> type) {
    ClassLoader its = type.getClassLoader();
    try {
      if (its != null && Class.forName(Departing.class.getName(), false, its) == Departing.class) {
        return its;
      }
    } catch (ClassNotFoundException e) {
      // as where there is none
    }
    return Departing.class.getClassLoader();
  }

  private static MethodHandle constructor(Class<?> stub) {
    if (!Remote.class.isAssignableFrom(stub)) {
      throw new RemoteCallException("no class of stubs: " + stub.getName(), null);
    }
    try {
      Constructor<?> made = stub.getDeclaredConstructor(RemoteReference.class);
      made.setAccessible(true);
      return MethodHandles.lookup().unreflectConstructor(made).asType(MAKE);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no class of stubs: " + stub.getName(), e);
    }
  }
}
