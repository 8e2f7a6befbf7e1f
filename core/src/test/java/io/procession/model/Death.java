package io.procession.model;

/// Unwinds a participant that the model has killed. None of its stores comes after.
final class Death extends Error {
  private static final long serialVersionUID = 1L;

  Death() {
    super("killed by the model", null, false, false);
  }
}
