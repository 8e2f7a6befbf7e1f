package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.Remote;
import io.procession.internal.remote.RemoteReference;
import org.jspecify.annotations.Nullable;

/// What a proxy of a managed object is beside what it stands for. Proxies are plain interfaces of the
/// object, so this is looked at from beside: `BaseProxy.of(proxy)`.
///
/// A proxy's own `toString`, `equals` and `hashCode` ask the object, for a time: one that does not
/// answer within a second is shown by type and identity, and one that is compared throws a
/// [RemoteCallException][io.procession.process.RemoteCallException] after five.
///
/// Immutable; safe for all threads.
///
/// @param <T> the interface of the object
public final class BaseProxy<T> {
  private final RemoteReference reference;

  private BaseProxy(RemoteReference reference) {
    this.reference = reference;
  }

  /// Whether an object is a proxy of a managed one.
  ///
  /// @param object any object
  /// @return whether it is
  public static boolean isProxy(@Nullable Object object) {
    return object instanceof Remote;
  }

  /// Looks at a proxy.
  ///
  /// @param proxy the proxy
  /// @param <T> the interface of the object
  /// @return what it is
  /// @throws IllegalArgumentException if it is no proxy of a managed object
  public static <T> BaseProxy<T> of(T proxy) {
    Require.notNull("proxy", proxy);
    if (proxy instanceof Remote remote) {
      return new BaseProxy<>(remote.reference());
    }
    throw new IllegalArgumentException(
        "no proxy of a managed object: class="
            + proxy.getClass().getName()
            + "; give what a manager has made");
  }

  /// A copy of the object in this process, which lives on its own: of a managed list a list, of a map a
  /// `ConcurrentMap`, of an object of an own type an object of its class. Proxies that are elements stay
  /// proxies. One call.
  ///
  /// @return the copy
  /// @throws io.procession.process.RemoteCallException if it cannot be sent, is gone, or not all of its
  ///     methods are exposed
  /// @throws io.procession.process.ProcessException if the server has ended
  @SuppressWarnings({"unchecked", "NullAway"}) // the object is of the interface of its proxy
  public T getValue() {
    return (T) reference.copy();
  }

  /// Calls a method by its name: one that is exposed, with as many parameters as there are arguments. Of
  /// several such ones it is named with the types of its parameters, as `remove(int)`.
  ///
  /// @param method the name
  /// @param arguments the arguments
  /// @return what the method returns
  /// @throws Exception what the method throws
  /// @throws InterruptedException if interrupted: the method is, at the server
  /// @throws io.procession.process.RemoteCallException if there is no such method
  public @Nullable Object callMethod(String method, @Nullable Object... arguments)
      throws Exception {
    try {
      return reference.invoke(Require.notNull("method", method), arguments, true);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the method threw " + e, e);
    }
  }

  /// The name of the object's type at the server.
  ///
  /// @return the name
  public String type() {
    return reference.type();
  }

  /// The object's identity at its server: equal for all proxies of the object, and never used again.
  ///
  /// @return the identity
  public String id() {
    return reference.ident();
  }

  /// Like `BaseProxy[list 1f of manager-1]`. Asks nobody.
  @Override
  public String toString() {
    return "BaseProxy[" + reference + "]";
  }
}
