package io.procession.internal.remote;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What a server says of its objects, a few lines for each, as Python's does.
///
/// An object whose `toString` does not return holds nobody up: all of them together have a second.
final class DebugInfo {
  private static final int SHOWN = 75;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private DebugInfo() {}

  static String of(ObjectTable objects) {
    StringBuilder text = new StringBuilder();
    long start = System.nanoTime();
    for (ServedObject object : objects.all()) {
      long left = PATIENCE_NANOS - (System.nanoTime() - start);
      String shown = shown(object, Math.max(left, PATIENCE_NANOS / 100));
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append("  ")
          .append(object.ident())
          .append(": type=")
          .append(object.kind().name())
          .append(", holders=")
          .append(objects.holders(object))
          .append("\n    ")
          .append(shown, 0, Math.min(shown.length(), SHOWN));
    }
    return text.toString();
  }

  private static String shown(ServedObject object, long nanos) {
    var shown = new CompletableFuture<String>();
    Thread asking =
        Thread.ofVirtual()
            .name("procession-debug-" + object.ident())
            .start(() -> {
              try {
                shown.complete(object.text());
              } catch (RuntimeException | StackOverflowError e) {
                shown.complete("(its toString throws " + e + ")");
              }
            });
    String known =
        shown
            .completeOnTimeout("(its toString does not return)", nanos, TimeUnit.NANOSECONDS)
            .join();
    asking.interrupt();
    return known;
  }
}
