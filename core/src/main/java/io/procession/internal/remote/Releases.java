package io.procession.internal.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// Objects of which this process has no stubs any more, until the server is told. A garbage collection
/// finds many at once: what comes while others are told goes together in one message.
///
/// A thread tells, as long as there is something to tell, so that who adds need not wait for a network.
final class Releases {
  private final String name;
  private final Consumer<Object[]> teller;
  private final IntSupplier most;
  private final ConcurrentLinkedQueue<Release> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isTelling = new AtomicBoolean();

  private record Release(String ident, int times) {}

  /// @param name of the server, for the thread
  /// @param teller sends a message, if the server is still there
  /// @param most how many objects are told of in one message
  Releases(String name, Consumer<Object[]> teller, IntSupplier most) {
    this.name = name;
    this.teller = teller;
    this.most = most;
  }

  /// Notes that an object is let go which was granted so often.
  void add(String ident, int times) {
    waiting.add(new Release(ident, times));
    if (isTelling.compareAndSet(false, true)) {
      try {
        Thread.ofPlatform().daemon().name("procession-release-" + name).start(this::tell);
      } catch (OutOfMemoryError e) { // no thread can be had
        tell();
      }
    }
  }

  private void tell() {
    do {
      try {
        for (Object[] words = next(); words.length > 1; words = next()) {
          teller.accept(words);
        }
      } finally {
        isTelling.set(false);
      }
    } while (!waiting.isEmpty() && isTelling.compareAndSet(false, true));
  }

  /// The next message; with no object if there is none.
  private Object[] next() {
    List<Object> words = new ArrayList<>();
    words.add(Wire.RELEASE);
    for (int i = most.getAsInt(); i > 0; i--) {
      Release release = waiting.poll();
      if (release == null) {
        break;
      }
      words.add(release.ident);
      words.add(release.times);
    }
    return words.toArray();
  }
}
