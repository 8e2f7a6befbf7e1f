package io.procession.internal.travel;

import java.security.CodeSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which classes every process of the session finds by itself: those of the JDK, of the class path and
/// the module path, and the library's own.
public final class Given {
  private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
  private static final @Nullable ClassLoader OWN = Given.class.getClassLoader();

  private static volatile boolean ownLoaderIsGiven;

  private Given() {}

  /// Says that children run in the same launcher as this process: what the library's loader finds
  /// here, it finds there.
  public static void giveOwnLoader() {
    ownLoaderIsGiven = true;
  }

  /// Whether a class has to be sent along.
  ///
  /// @param loader its loader
  @SuppressWarnings("ReferenceEquality") // loaders have no other equality
  static boolean isForeign(Class<?> type, ClassLoader loader) {
    if (loader == SYSTEM || loader == PLATFORM || loader instanceof FreshLoader) {
      return false;
    }
    return loader != OWN || !(ownLoaderIsGiven || isOfOwnPlace(type));
  }

  /// A child's class path begins with the place that the library's classes come from.
  private static boolean isOfOwnPlace(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    CodeSource own = Given.class.getProtectionDomain().getCodeSource();
    return source != null
        && own != null
        && Objects.equals(String.valueOf(source.getLocation()), String.valueOf(own.getLocation()));
  }
}
