package io.procession.internal.travel;

import io.procession.internal.arena.Session;
import java.io.StreamCorruptedException;
import java.lang.reflect.Field;

/// The border to the codec, which finds these methods by name.
final class Travel {
  /// The prefix of each class that was asked for.
  private static final ClassValue<String> PREFIXES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          ClassLoader loader = type.getClassLoader();
          return loader == null || !Given.isForeign(type, loader)
              ? ""
              : Shipments.send(type, loader);
        }
      };

  private Travel() {}

  /// What to write before the name of a class; empty for a class that every process finds.
  ///
  /// @throws io.procession.serial.NotSendableException if the class cannot be had
  static String prefix(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader != null && Snippets.isOfSnippet(type) && Given.isForeign(type, loader)
        ? Shipments.sendAsItIs(type, loader)
        : PREFIXES.get(type);
  }

  /// The variables of JShell that go along with a snippet's class.
  static Field[] variables(Class<?> snippet) {
    ClassLoader loader = snippet.getClassLoader();
    return loader == null ? new Field[0] : Snippets.variables(snippet, loader);
  }

  /// Whether a class was sent here.
  static boolean hasArrived(Class<?> type) {
    return type.getClassLoader() instanceof TravelLoader;
  }

  /// The class that a name with a prefix means.
  static Class<?> find(String prefixed) throws ClassNotFoundException {
    String name = ClassPrefix.nameIn(prefixed);
    ClassPrefix prefix = ClassPrefix.parse(prefixed);
    if (prefix == null) {
      throw new ClassNotFoundException("damaged prefix of a class: " + prefixed);
    }
    if (prefix.shipment().session() != Session.current().id()) {
      return Class.forName(name, false, Travel.class.getClassLoader());
    }
    ClassLoader loader;
    try {
      loader = Arrivals.loader(prefix);
    } catch (IllegalStateException | StreamCorruptedException e) {
      throw new ClassNotFoundException(name + "; what was sent along is gone", e);
    }
    return Class.forName(name, false, loader);
  }
}
