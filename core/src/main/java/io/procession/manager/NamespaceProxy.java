package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.RemoteReference;
import java.util.Set;

/// A namespace of a manager. Of which class a value is to be is asked here: over a network a server knows
/// few classes.
@SuppressWarnings({"unchecked", "NullAway"}) // the server returns what these methods return
final class NamespaceProxy extends ObjectProxy implements Namespace {
  private static final long serialVersionUID = 1L;

  NamespaceProxy(RemoteReference remote) {
    super(remote);
  }

  @Override
  public <T> T get(String name, Class<T> type) {
    Require.notNull("type", type);
    return type.cast(remote.call("get", name));
  }

  @Override
  public void set(String name, Object value) {
    remote.call("set", name, value);
  }

  @Override
  public boolean remove(String name) {
    return (boolean) remote.call("remove", name);
  }

  @Override
  public Set<String> names() {
    return (Set<String>) remote.call("names");
  }
}
