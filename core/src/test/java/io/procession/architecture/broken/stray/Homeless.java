package io.procession.architecture.broken.stray;

/// Lives in a package that nobody has given a floor.
public final class Homeless {
  private Homeless() {}
}
