package io.procession.manager;

import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import org.jspecify.annotations.Nullable;

/// What proxies have in common whose classes need no skeleton of the JDK's collections: two are equal if
/// they are of the same object.
abstract class ObjectProxy implements Departing {
  private static final long serialVersionUID = 1L;

  final transient RemoteReference remote;

  ObjectProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public final RemoteReference reference() {
    return remote;
  }

  @Override
  public final Object writeReplace() {
    return remote.departing();
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof ObjectProxy that && that.remote.equals(remote);
  }

  @Override
  public final int hashCode() {
    return remote.hashCode();
  }

  @Override
  public final String toString() {
    return remote.describe();
  }
}
