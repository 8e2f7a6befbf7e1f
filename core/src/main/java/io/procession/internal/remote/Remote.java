package io.procession.internal.remote;

/// What every stub of an object at a server can be asked for. Stubs are serializable: by
/// [RemoteReference#departing].
public interface Remote {
  /// The object it stands for.
  RemoteReference reference();
}
