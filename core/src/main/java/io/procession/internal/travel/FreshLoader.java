package io.procession.internal.travel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.ProtectionDomain;

/// Loads classes of the class path and the module path anew, from the files that the library's
/// loader finds; those of the JDK and of the library are what they are. To others its classes are
/// given, as those of that loader are.
public final class FreshLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final ClassLoader BASE = FreshLoader.class.getClassLoader();
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
  private static final String LIBRARY = placeOf(FreshLoader.class.getName());

  /// Makes one that has no class yet.
  public FreshLoader() {
    super(BASE);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? load(name) : known;
    }
  }

  private Class<?> load(String name) throws ClassNotFoundException {
    try {
      return PLATFORM.loadClass(name);
    } catch (ClassNotFoundException e) {
      String place = placeOf(name);
      return place.isEmpty() || place.equals(LIBRARY) ? BASE.loadClass(name) : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] file;
    try (InputStream in = BASE.getResourceAsStream(fileOf(name))) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      file = in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    return defineClass(name, file, 0, file.length, (ProtectionDomain) null);
  }

  /// The folder or jar in which a class lies, empty if it is not found.
  private static String placeOf(String name) {
    String file = fileOf(name);
    URL url = BASE.getResource(file);
    String text = url == null ? "" : url.toString();
    return text.endsWith(file) ? text.substring(0, text.length() - file.length()) : "";
  }

  private static String fileOf(String name) {
    return name.replace('.', '/') + ".class";
  }
}
