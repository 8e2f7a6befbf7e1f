package io.procession.serial;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

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
  private static final String OURS = "io.procession.";

  private static final ClassValue<Method> ATTACH =
      new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> type) {
          try {
            Method attach = type.getDeclaredMethod("attach", Handle.class);
            attach.setAccessible(true);
            return attach;
          } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("no attach(Handle) in " + type.getName(), e);
          }
        }
      };

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
    try {
      Class<?> owner = Class.forName(type, false, Handle.class.getClassLoader());
      Object attached = ATTACH.get(owner).invoke(null, this);
      if (attached == null) {
        throw new InvalidObjectException("nothing attached: " + this);
      }
      return attached;
    } catch (InvocationTargetException e) {
      throw refused(e.getTargetException());
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw refused(e);
    }
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
