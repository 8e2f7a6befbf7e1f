package io.procession.junit;

/// Thrown by [CrashPoint#reach] where a test has asked for it.
public final class InjectedFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  InjectedFault(String point) {
    super("a test has asked for this fault: point=" + point);
  }
}
