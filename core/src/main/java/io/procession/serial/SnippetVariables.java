package io.procession.serial;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/// The variables of JShell that go along with a snippet's class: they are static fields, which a lambda
/// uses without capturing them. What has such a class is left to JDK serialization, where they are
/// part of the annotation of the class.
final class SnippetVariables {
  private static final String SNIPPET = "REPL.$JShell$";

  private SnippetVariables() {}

  /// Whether a class is one that JShell has made of a snippet, or a lambda's in it.
  static boolean isSnippet(String name) {
    return name.startsWith(SNIPPET);
  }

  /// Whether a class can have variables, and lambdas that use them: not one that a snippet declares.
  static boolean isOutermost(String name) {
    return isSnippet(name) && name.indexOf('$', SNIPPET.length()) < 0;
  }

  static void write(Class<?> snippet, ObjectOutputStream out) throws IOException {
    Field[] variables = Travelling.variables(snippet);
    out.writeInt(variables.length);
    for (Field variable : variables) {
      out.writeObject(variable.getDeclaringClass());
      out.writeUTF(variable.getName());
      out.writeObject(value(variable));
    }
  }

  private static @Nullable Object value(Field variable) {
    try {
      return variable.get(null);
    } catch (IllegalAccessException | LinkageError e) {
      throw new IllegalStateException("a variable of JShell cannot be read: " + variable, e);
    }
  }

  /// Gives the variables the values that they had where they come from, unless that is here.
  @SuppressWarnings("BanSerializableRead") // called from within our own stream, with its filter
  static void read(ObjectInputStream in) throws IOException, ClassNotFoundException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      Class<?> owner = (Class<?>) in.readObject();
      String name = in.readUTF();
      Object value = in.readObject();
      if (Travelling.hasArrived(owner)) {
        set(owner, name, value);
      }
    }
  }

  private static void set(Class<?> owner, String name, @Nullable Object value)
      throws ClassNotFoundException {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      field.set(null, value);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new ClassNotFoundException(
          "a variable of JShell cannot be set: class=" + owner.getName() + ", name=" + name, e);
    }
  }
}
