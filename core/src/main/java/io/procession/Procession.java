package io.procession;

/// The static front door of the library.
public final class Procession {
  private Procession() {}
}
