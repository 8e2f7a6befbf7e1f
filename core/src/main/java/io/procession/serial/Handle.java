package io.procession.serial;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.ConcurrentHashMap;

/// The serial form of an object that lives in the session's arena: what is sent in its stead, and
/// attached again on arrival.
///
/// A class of the library whose instances travel has a private `Object writeReplace()` that returns
/// a handle, and a static `attach(Handle)` that returns an instance. Users never see handles.
///
/// @param type the name of the class that attaches it
/// @param session the identity of the session whose arena holds the object
/// @param cell the number of the object's cell
/// @param generation the generation of that cell, so that a cell used again is not mistaken
public record Handle(String type, long session, int cell, int generation) implements Serializable {
  static final String OURS = "io.procession.";

  private static final MethodType RESOLVE = MethodType.methodType(Object.class, Handle.class);

  /// The `attach` of each class that was asked for; bounded by the classes of the library.
  private static final ConcurrentHashMap<String, MethodHandle> ATTACH = new ConcurrentHashMap<>();

  /// Creates a handle.
  ///
  /// @throws IllegalArgumentException if the class is not one of the library
  public Handle {
    if (!type.startsWith(OURS)) {
      throw new IllegalArgumentException("not a class of the library: type=" + type);
    }
  }

  /// Attaches the object in this process.
  ///
  /// @return the object
  /// @throws InvalidObjectException if there is no such class, or it refused: the cause says why
  public Object resolve() throws InvalidObjectException {
    Object attached;
    try {
      MethodHandle attach = ATTACH.get(type);
      if (attach == null) {
        attach = find(type);
        ATTACH.put(type, attach);
      }
      attached = (Object) attach.invokeExact(this);
    } catch (Throwable t) {
      throw refused(t);
    }
    if (attached == null) {
      throw new InvalidObjectException("nothing attached: " + this);
    }
    return attached;
  }

  /// A handle, since the JDK spins three classes to invoke a first method, which a young child waits
  /// for.
  private static MethodHandle find(String type) throws ReflectiveOperationException {
    Class<?> owner = Class.forName(type, false, Handle.class.getClassLoader());
    Method attach = owner.getDeclaredMethod("attach", Handle.class);
    if (!Modifier.isStatic(attach.getModifiers())) {
      throw new NoSuchMethodException("not static: " + attach);
    }
    attach.setAccessible(true);
    return MethodHandles.lookup().unreflect(attach).asType(RESOLVE);
  }

  private InvalidObjectException refused(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new InvalidObjectException(this + " cannot be attached: " + cause.getMessage(), cause);
  }

  private Object readResolve() throws ObjectStreamException {
    return resolve();
  }
}
