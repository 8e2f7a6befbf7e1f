package io.procession.internal.remote;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/// The objects of a server that have processes of their own, as long as anybody has them, be it another object:
/// each is told when the server ends, or at once if that is over.
final class Staff {
  // guarded by this
  private final Set<Staffed> known = Collections.newSetFromMap(new WeakHashMap<>());
  private boolean isEnded;

  /// An object comes into being, perhaps one of them.
  void add(Object referent) {
    if (referent instanceof Staffed one && !adds(one)) {
      one.serverEnds();
    }
  }

  private synchronized boolean adds(Staffed one) {
    if (!isEnded) {
      known.add(one);
    }
    return !isEnded;
  }

  /// The server ends. If one cannot be told the others are all the same. Again does nothing.
  void end() {
    List<Staffed> told;
    synchronized (this) {
      isEnded = true;
      told = new ArrayList<>(known);
      known.clear();
    }
    Throwable failure = null;
    for (Staffed one : told) {
      try {
        one.serverEnds();
      } catch (RuntimeException | Error e) { // no thread can be had, perhaps
        failure = e;
      }
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }
}
