package io.procession.internal.remote;

import io.procession.serial.SerializableFunction;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A kind of objects that a server makes and serves.
///
/// @param name what callers call it
/// @param type the interface by which they see its objects
/// @param stub the class of their stubs, with a constructor of a [RemoteReference]; null for a
///     dynamic proxy
/// @param factory makes an object of the arguments; null if callers cannot have one made
/// @param exposed the names of the methods that they may call; null for all of the interface
/// @param adapter makes what is served of a result of a method; null if that is served itself
/// @param returns by method, the type of a result that stays at the server
public record ServedType(
    String name,
    Class<?> type,
    @Nullable Class<?> stub,
    @Nullable SerializableFunction<List<Object>, Object> factory,
    @Nullable SerializableFunction<Object, Object> adapter,
    @Nullable Set<String> exposed,
    Map<String, String> returns)
    implements Serializable {

  /// Copies the collections.
  public ServedType {
    exposed = exposed == null ? null : new TreeSet<>(exposed);
    returns = Map.copyOf(returns);
  }
}
