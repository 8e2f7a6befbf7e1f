package io.procession.serial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/// A class of the library whose objects are sent as handles.
final class HandleShape extends Shape {
  private final Method writeReplace;

  private HandleShape(Method writeReplace) {
    super(Tag.HANDLE);
    this.writeReplace = writeReplace;
  }

  static @Nullable HandleShape find(Class<?> type) {
    try {
      Method method = type.getDeclaredMethod("writeReplace");
      if (!Modifier.isPrivate(method.getModifiers())) { // it may do something, so is asked once
        return null;
      }
      method.setAccessible(true);
      return new HandleShape(method);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /// Writes the object's handle; false if what stands for it is something else.
  boolean write(Object object, ByteSink out) {
    if (!(replacement(object) instanceof Handle handle)) {
      return false;
    }
    out.add(handle);
    out.putByte(Tag.HANDLE);
    out.putString(handle.type());
    out.putLong(handle.session());
    out.putInt(handle.cell());
    out.putInt(handle.generation());
    out.putByte(handle.part());
    return true;
  }

  private Object replacement(Object object) {
    try {
      return writeReplace.invoke(object);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      if (cause instanceof Error error) {
        throw error;
      }
      if (cause instanceof IOException refusal) {
        throw new UncheckedIOException(refusal);
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    } catch (IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
