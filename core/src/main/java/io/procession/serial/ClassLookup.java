package io.procession.serial;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Classes by name, without running their initialisers.
final class ClassLookup {
  /// Why an object is refused, behind the name of its class.
  static final String NOT_TAKEN =
      "objects of this class are not taken here: a manager's server takes those of the JDK's"
          + " values, of the types registered with it, and what ManagerOptions.withAllowed names";

  /// The JDK's own class for this is slow to start: it is asked only where a filter was set from
  /// outside.
  private static final boolean FILTERED = System.getProperty("jdk.serialFilter") != null;

  private static final ClassLoader OWN = ClassLookup.class.getClassLoader();

  private ClassLookup() {}

  /// Finds a class whatever a filter may say. One that was sent along is looked for where it came
  /// from, unless another loader than the library's was asked for and has it.
  ///
  /// @param name the name, with a prefix if it was sent along
  /// @param loader what looks up the others
  /// @param chosen the loader that the codec's user has chosen, or the library's
  static Class<?> load(String name, @Nullable ClassLoader loader, @Nullable ClassLoader chosen)
      throws ClassNotFoundException {
    if (!isPrefixed(name)) {
      return load(name, loader);
    }
    if (!Objects.equals(chosen, OWN)) {
      try {
        return load(Travelling.plain(name), chosen);
      } catch (ClassNotFoundException e) {
        // then where it came from
      }
    }
    try {
      return Travelling.find(name);
    } catch (LinkageError e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /// Whether a class was sent along. Here, since a child that needs none shall not load what does.
  static boolean isPrefixed(String name) {
    return !name.isEmpty() && name.charAt(0) == Travelling.MARK;
  }

  private static Class<?> load(String name, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    try {
      return Class.forName(name, false, loader);
    } catch (LinkageError e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /// Finds a class. If the JVM was started with a serial filter, the filter is asked.
  static Class<?> find(String name, @Nullable ClassLoader loader, @Nullable ClassLoader chosen)
      throws IOException, ClassNotFoundException {
    Class<?> found = load(name, loader, chosen);
    if (FILTERED && !isAllowed(found)) {
      throw new InvalidClassException(name, "refused by the serial filter");
    }
    return found;
  }

  /// Refuses a class that no other process can find.
  static void requireNamed(Class<?> type) {
    Class<?> innermost = type;
    while (innermost.getComponentType() != null) {
      innermost = innermost.getComponentType();
    }
    if (innermost.isHidden()) {
      throw new NotSendableException(
          "not serializable: a hidden class has no name that another process could find it by:"
              + " class="
              + innermost.getName());
    }
  }

  private static boolean isAllowed(Class<?> type) {
    ObjectInputFilter filter = ObjectInputFilter.Config.getSerialFilter();
    return filter == null
        || filter.checkInput(new ClassOnly(type)) != ObjectInputFilter.Status.REJECTED;
  }

  /// Asks a filter about nothing but a class.
  private record ClassOnly(Class<?> type) implements ObjectInputFilter.FilterInfo {
    @Override
    public Class<?> serialClass() {
      return type;
    }

    @Override
    public long arrayLength() {
      return -1;
    }

    @Override
    public long depth() {
      return 1;
    }

    @Override
    public long references() {
      return 1;
    }

    @Override
    public long streamBytes() {
      return 0;
    }
  }
}
