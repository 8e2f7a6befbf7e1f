package io.procession.internal.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How the wait comes from an object to its source, which no exported signature names: each class
/// says it for its instances, before there is one.
///
/// ```java
/// static {
///   Sources.register(SharedQueue.class, new SourceOfQueue()); // a class: lambdas are dear in a young child
/// }
/// ```
public final class Sources {
  private static final Map<Class<?>, Of<?>> BY_TYPE = new ConcurrentHashMap<>();

  private Sources() {}

  /// From an object of a class to its source.
  public interface Of<T> {
    /// The source: any number of calls may answer with the same one, or with several.
    ///
    /// @throws IllegalStateException if the object cannot be waited for as it is now; the message
    ///     names it
    Source source(T object);
  }

  /// Says how instances of a class and its subclasses are waited for.
  public static <T> void register(Class<T> type, Of<? super T> of) {
    BY_TYPE.put(type, of);
  }

  /// The source of an object, or null if its class has not said how to wait for it.
  @SuppressWarnings("unchecked") // register puts them together
  public static @Nullable Source of(Object object) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      Of<Object> of = (Of<Object>) BY_TYPE.get(type);
      if (of != null) {
        return of.source(object);
      }
    }
    return null;
  }
}
