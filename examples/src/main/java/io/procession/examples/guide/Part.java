package io.procession.examples.guide;

/// A part of a program of the guide: what it prints has its name above it.
final class Part {
  private Part() {}

  /// What is done, and shown.
  interface Body {
    void run() throws Exception;
  }

  static void of(String region, Body body) throws Exception {
    System.out.println("--- " + region);
    body.run();
  }
}
