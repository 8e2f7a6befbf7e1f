package io.procession.internal.travel;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Stands for a class loader of another process: answers as that one did, from what was sent along.
/// For all else it asks the library's own loader, that is in a child the class path.
final class TravelLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final String CLASS = ".class";

  private final Chain chain;
  private final int number;

  /// @param number that of the loader which this one stands for
  TravelLoader(Chain chain, int number) {
    super(TravelLoader.class.getClassLoader());
    this.chain = chain;
    this.number = number;
  }

  /// The prefix by which its classes are sent on: the shipments known here have all that it has
  /// defined.
  String prefix() {
    return new ClassPrefix(chain.newest(), number).text();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    ShipmentLayout.Entry answer = chain.answer(number, name);
    if (answer == null) {
      return ofParent(name, resolve);
    }
    if (answer.kind() == ShipmentLayout.ELSEWHERE) {
      return Travel.find(answer.text().concat(name));
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name, answer) : known;
    }
  }

  private Class<?> ofParent(String name, boolean resolve) throws ClassNotFoundException {
    try {
      return super.loadClass(name, resolve);
    } catch (ClassNotFoundException e) {
      throw new ClassNotFoundException(
          name
              + "; it is on no path of this process, and was not sent along, which is done for"
              + " classes that the sent ones name in their code",
          e);
    }
  }

  private Class<?> define(String name, ShipmentLayout.Entry answer) throws ClassNotFoundException {
    byte[] file = answer.file();
    if (file == null) {
      throw new ClassNotFoundException(name + "; it could not be sent along: " + answer.text());
    }
    return defineClass(name, file, 0, file.length);
  }

  /// The class files that it has; other resources do not travel.
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    if (name.endsWith(CLASS)) {
      String type = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
      ShipmentLayout.Entry answer = chain.answer(number, type);
      byte[] file = answer == null ? null : answer.file();
      if (file != null) {
        return new ByteArrayInputStream(file);
      }
    }
    return super.getResourceAsStream(name);
  }
}
