package io.procession.internal.remote;

/// An object of the server, and how many hold it: processes that have stubs of it, and stubs that
/// are on their way from one process to another.
final class ServedObject {
  private final String ident;
  private final Kind kind;
  private final Object referent;

  /// Guarded by the table.
  int holders;

  /// Whether a caller has passed it on to the server, which may have put it somewhere. Guarded by the
  /// table.
  boolean isTaken;

  ServedObject(String ident, Kind kind, Object referent) {
    this.ident = ident;
    this.kind = kind;
    this.referent = referent;
  }

  String ident() {
    return ident;
  }

  Kind kind() {
    return kind;
  }

  Object referent() {
    return referent;
  }

  /// Whether all its methods are exposed, so that what every object has may be called, too.
  boolean isOpen() {
    return kind.served().exposed() == null;
  }

  /// What it says of itself, if that may be asked.
  String text() {
    return isOpen() ? String.valueOf(referent) : toString();
  }

  Token token() {
    return new Token(kind.name(), ident);
  }

  @Override
  public String toString() {
    return kind.name() + " " + ident;
  }
}
